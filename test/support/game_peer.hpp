//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game_service.pb.h"
#include "joust/core/observer.hpp"
#include "joust/game/services.hpp"
#include "rpc/dispatcher.hpp"
#include "support/connections.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::test {

/// A request as protobuf's own classes write it.
inline std::string envelope(std::string_view service, std::string_view method, std::string_view payload = {},
                            std::map<std::string, std::string> const& metadata = {}) {
    ::game::grpc::RpcRequest request;
    request.set_service_name(std::string(service));
    request.set_method_name(std::string(method));
    request.set_payload(std::string(payload));
    for (auto const& [key, value] : metadata)
        (*request.mutable_metadata())[key] = value;
    return request.SerializeAsString();
}

/// A response as protobuf's own classes read it.
struct game_answer {
    int code = -1;
    std::string message;
    std::string payload;

    game_answer(int c, std::string_view m, std::string_view p) : code(c), message(m), payload(p) {}
    explicit game_answer(std::string_view bytes) {
        ::game::grpc::RpcResponse response;
        BOOST_TEST_REQUIRE(response.ParseFromString(std::string(bytes)));
        // Byte for byte what protobuf writes, not only something that it can read.
        BOOST_TEST(response.SerializeAsString() == bytes);
        code = response.code();
        message = response.message();
        payload = response.payload();
    }

    friend bool operator==(game_answer const&, game_answer const&) = default;
    friend std::ostream& operator<<(std::ostream& os, game_answer const& a) {
        return os << a.code << " '" << a.message << "' " << a.payload;
    }
};

inline game_answer success(std::string_view payload) {
    return {0, "success", payload};
}

/// Keeps what the observer of a server hears.
class failure_log final : public observer {
public:
    std::vector<std::string> lines;

    void handler_failed(std::string_view path, std::string_view, std::string_view what) noexcept override {
        lines.push_back(std::string(path) + " " + std::string(what));
    }
};

/// A stock client and a server of JSON services, connected in memory.
class game_peer {
    /// Sends the calls of a connection to the services.
    class acceptor final : public net::call_acceptor {
    public:
        explicit acceptor(game::services const& services) {
            auto routes = std::make_shared<router>();
            services.bind(*routes);
            dispatcher_ = std::make_unique<rpc::dispatcher>(std::move(routes));
        }
        void on_call(net::server_stream& s) override { dispatcher_->on_call(s); }
        void on_connection_closed(net::server_connection&) override {}

    private:
        std::unique_ptr<rpc::dispatcher> dispatcher_;
    };

public:
    static constexpr std::string_view call_path = "/game.grpc.GameService/Call";
    static constexpr std::string_view stream_path = "/game.grpc.GameService/StreamCall";

    std::shared_ptr<failure_log> log = std::make_shared<failure_log>();
    std::unique_ptr<boost::asio::io_context> io = std::make_unique<boost::asio::io_context>(1);
    std::shared_ptr<memory_link> link = std::make_shared<memory_link>(*io);
    std::shared_ptr<logging_owner> owner = std::make_shared<logging_owner>();
    std::shared_ptr<net::server_connection> server;
    std::shared_ptr<net::client_connection> client;

    explicit game_peer(game::services const& services, net::connection_settings const& settings = {}) {
        server = std::make_shared<net::server_connection>(link->server_transport(), settings, log,
                                                          std::make_shared<acceptor>(services));
        client = std::make_shared<net::client_connection>(link->client_transport(), settings, nullptr, owner);
        server->start();
        client->start();
        poll();
    }

    std::size_t poll() {
        io->restart();
        return io->poll();
    }

    /// Calls with these bytes; the call must be answered.
    game_answer call_with(std::string_view request) {
        probe_call call;
        start(call, request);
        BOOST_TEST_REQUIRE(call.outcome.has_value());
        BOOST_TEST(call.outcome->to_string() == status().to_string());
        BOOST_TEST_REQUIRE(call.messages.size() == 1u);
        return game_answer(call.messages[0]);
    }

    game_answer call(std::string_view service, std::string_view method, std::string_view payload = {},
                     std::map<std::string, std::string> const& metadata = {}) {
        return call_with(envelope(service, method, payload, metadata));
    }

    /// Begins a Call and runs what is ready.
    void start(probe_call& call, std::string_view request) {
        BOOST_TEST_REQUIRE(call.open(*client, call_path));
        BOOST_TEST_REQUIRE(call.send(request));
        call.stream->call().half_close();
        poll();
    }
};

/// A StreamCall of a stock client.
class game_stream {
public:
    explicit game_stream(game_peer& via) : via_(via) {
        BOOST_TEST_REQUIRE(call_.open(*via.client, game_peer::stream_path));
        via_.poll();
    }

    /// Sends a request and returns the answers that came at once.
    std::vector<game_answer> send(std::string_view request) {
        BOOST_TEST_REQUIRE(call_.send(request));
        return receive();
    }

    std::vector<game_answer> receive() {
        via_.poll();
        std::vector<game_answer> answers;
        for (std::string const& bytes : std::exchange(call_.messages, {}))
            answers.emplace_back(bytes);
        return answers;
    }

    /// Half-closes; how the call ended, or that it did not.
    std::string finish() {
        call_.stream->call().half_close();
        via_.poll();
        return outcome();
    }

    std::string outcome() const { return call_.outcome ? call_.outcome->to_string() : "none"; }
    probe_call& call() noexcept { return call_; }

private:
    game_peer& via_;
    probe_call call_;
};

} // namespace joust::test

/// Of vectors of answers, for BOOST_TEST's `per_element` and messages.
namespace std {
inline ostream& boost_test_print_type(ostream& os, vector<joust::test::game_answer> const& answers) {
    for (auto const& a : answers)
        os << "[" << a << "] ";
    return os;
}
} // namespace std
