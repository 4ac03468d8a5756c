//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "common/echo.hpp"
#include "joust/core/connection_error.hpp"
#include "joust/core/observer.hpp"
#include "joust/rpc/any_channel.hpp"
#include "micro/memory_transport.hpp"
#include "net/client_connection.hpp"
#include "net/server_connection.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/pending_call.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::bench {

inline constexpr int batch = 10; // calls that arrive, or are answered, with one read

/// Runs `body` as a handler of `io`, where completions on its executor are called at once.
template <class Body>
void run_inside(boost::asio::io_context& io, Body body) {
    boost::asio::post(io, [&] { body(); });
    io.restart();
    io.poll_one();
}

/// What is called: a server's routes, and a call of one of them.
struct called {
    std::shared_ptr<router const> routes;
    unary_method<std::string, std::string> method;
    std::string request;
};

/// The echo handler.
inline called call_of_echo() {
    auto r = std::make_shared<router>();
    r->add(echo, [](std::string m) { return m; });
    return {std::move(r), echo, std::string(payload)};
}

/// The server's end: a connection, the dispatcher and the handler.
class server_end final : private net::call_acceptor {
public:
    server_end(boost::asio::io_context& io, called const& what) : dispatcher_(what.routes) {
        auto transport = std::make_unique<memory_transport>(io.get_executor());
        transport_ = transport.get();
        // The acceptor is this object, which outlives the connection.
        connection_ = std::make_shared<net::server_connection>(
            std::move(transport), net::connection_settings{}, make_failure_log(std::clog),
            std::shared_ptr<net::call_acceptor>(std::shared_ptr<void>(), this));
        connection_->start();
        transport_->complete_writes();
    }
    server_end(server_end const&) = delete;
    server_end& operator=(server_end const&) = delete;
    ~server_end() { connection_->close(connection_error::shut_down); }

    void deliver(std::string_view bytes) { transport_->deliver(bytes); }
    std::string& sent() noexcept { return transport_->sent(); }

private:
    void on_call(net::server_stream& s) override { dispatcher_.on_call(s); }
    void on_connection_closed(net::server_connection&) override {}

    rpc::dispatcher dispatcher_;
    memory_transport* transport_ = nullptr;
    std::shared_ptr<net::server_connection> connection_;
};

/// The client's end: a connection and the typed channel; each answer makes the next call.
class client_end final : public channel_base {
public:
    client_end(boost::asio::io_context& io, called const& what)
        : executor_(io.get_executor()), channel_(std::shared_ptr<channel_base>(std::shared_ptr<void>(), this)),
          method_(what.method), request_(what.request) {
        auto defaults = std::make_shared<rpc::call_defaults>();
        defaults->authority = "127.0.0.1:50051";
        defaults->user_agent = "joust-bench";
        defaults_ = std::move(defaults);
        auto transport = std::make_unique<memory_transport>(executor_);
        transport_ = transport.get();
        connection_ = std::make_shared<net::client_connection>(std::move(transport), net::connection_settings{},
                                                               nullptr, nullptr);
        connection_->start();
        transport_->complete_writes();
    }
    client_end(client_end const&) = delete;
    client_end& operator=(client_end const&) = delete;
    ~client_end() override { stop(); }

    void begin_calls() {
        connection_->run([this] {
            for (int i = 0; i != batch; ++i)
                call();
        });
        transport_->complete_writes();
    }

    /// Ends the calls under way; nothing more is answered.
    void stop() {
        stopped_ = true;
        connection_->close(connection_error::shut_down);
    }

    void deliver(std::string_view bytes) { transport_->deliver(bytes); }
    std::string& sent() noexcept { return transport_->sent(); }

private:
    void call() {
        channel_.async_call(method_, request_, {}, [this](result<std::string> r) {
            if (r && !stopped_)
                call();
        });
    }

    boost::asio::any_io_executor get_executor() const override { return executor_; }
    void start_unary(std::string_view path, result<buffer> framed, call_options options,
                     unary_handler_type handler) override {
        rpc::make_unary_call(executor_, executor_, defaults_, path, std::move(framed), std::move(options),
                             std::move(handler))
            ->start(*connection_, nullptr);
    }
    void start_stream(std::string_view, call_options, open_handler_type) override {}
    void start_server_streaming(std::string_view, result<buffer>, call_options, open_handler_type) override {}

    boost::asio::any_io_executor executor_;
    any_channel channel_;
    std::shared_ptr<rpc::call_defaults const> defaults_;
    memory_transport* transport_ = nullptr;
    std::shared_ptr<net::client_connection> connection_;
    unary_method<std::string, std::string> method_;
    std::string request_;
    bool stopped_ = false;
};

/// The bytes of a connection with `batch` calls in flight, by turns: what either end is handed, one delivery each. Both
/// ends say the same again when they hear the same, so each can be measured without the other.
struct recording {
    std::string handshake_of_server;
    std::vector<std::string> requests;
    std::vector<std::string> responses;

    recording(std::size_t turns, called const& what) {
        boost::asio::io_context io(1);
        run_inside(io, [&] {
            server_end server(io, what);
            client_end client(io, what);
            handshake_of_server = std::exchange(server.sent(), {});
            client.deliver(handshake_of_server);
            client.begin_calls();
            while (requests.size() != turns) {
                requests.push_back(std::exchange(client.sent(), {}));
                server.deliver(requests.back());
                responses.push_back(std::exchange(server.sent(), {}));
                client.deliver(responses.back());
            }
            requests.push_back(std::exchange(client.sent(), {})); // what the last answers lead to
        });
    }
};

} // namespace joust::bench
