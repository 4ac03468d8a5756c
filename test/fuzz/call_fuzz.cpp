//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The input is the RpcRequest of a peer. It is a request, and then answered with a well-formed response, or it is not,
// and then refused with INTERNAL; the same in a Call and, again and again, in a StreamCall.

#include "joust/game/envelope.hpp"
#include "joust/game/services.hpp"

#include "fuzz/require.hpp"
#include "game/call_handler.hpp"
#include "net/server_connection.hpp"
#include "rpc/completion.hpp"
#include "rpc/time_limit.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fuzzed {

namespace asio = boost::asio;

struct item {
    std::string name;
    int count = 1;
};
BOOST_DESCRIBE_STRUCT(item, (), (name, count))

struct query {
    std::string id;
    std::optional<double> d;
    std::vector<item> items = {{"a", 1}};
};
BOOST_DESCRIBE_STRUCT(query, (), (id, d, items))

/// Methods of all kinds, with short names, which a fuzzer finds.
struct service {
    query q(query a) { return a; }
    boost::json::value j(boost::json::value a) { return a; }
    std::map<std::string, int> m(std::map<std::string, int> const& a) { return a; }
    void v() {}
    int x() { throw std::runtime_error("secret"); }
    joust::result<std::string> e(item i) {
        if (i.count == 0)
            return i.name;
        joust::status s(joust::status_code::unknown, i.name);
        s.set_application_code(i.count);
        return s;
    }
    asio::awaitable<query> c(query a) { co_return a; }
    asio::awaitable<joust::result<void>> p(query a, joust::game::responses<item>& out) {
        for (item const& i : a.items) {
            auto pushing = out.async_push(i);
            (co_await std::move(pushing)).value();
        }
        co_return joust::result<void>();
    }
};
BOOST_DESCRIBE_STRUCT(service, (), (q, j, m, v, x, e, c, p))

} // namespace fuzzed

namespace {

namespace asio = boost::asio;
using joust::buffer;
using joust::result;
using joust::status;
using joust::fuzz::require;

/// A connection that leads nowhere, for the context of a call.
struct nowhere final : joust::net::transport {
    explicit nowhere(asio::io_context& io) : executor(io.get_executor()) {}
    asio::any_io_executor get_executor() override { return executor; }
    void read_some(std::span<std::uint8_t>, std::shared_ptr<events>) override {}
    void write_some(pieces, std::shared_ptr<events>) override {}
    void close() noexcept override {}
    std::string peer() const override { return "peer"; }
    std::string local() const override { return "local"; }

    asio::any_io_executor executor;
};

struct nobody final : joust::net::call_acceptor {
    void on_call(joust::net::server_stream&) override {}
    void on_connection_closed(joust::net::server_connection&) override {}
};

/// A request that comes so many times, and the answers.
struct repeated final : joust::server_messages {
    repeated(asio::io_context& io, std::string_view bytes, int times)
        : executor(io.get_executor()), request(bytes), left(times) {}

    asio::any_io_executor get_executor() const override { return executor; }
    void read(read_handler handler) override {
        std::optional<buffer> next;
        if (left-- > 0)
            next.emplace(request);
        joust::rpc::post_completion(std::move(handler), executor, result<std::optional<buffer>>(std::move(next)));
    }
    void write(result<buffer> framed, write_handler handler) override {
        require(framed.has_value());
        answers.emplace_back(framed->view().substr(5));
        joust::rpc::post_completion(std::move(handler), executor, result<void>());
    }

    asio::any_io_executor executor;
    std::string_view request;
    int left;
    std::vector<std::string> answers;
};

class world {
public:
    world() {
        services_.add("s", std::make_shared<fuzzed::service>());
        services_.bind(routes_);
        call_ = std::get<0>(*routes_.find(joust::game::call_path)).get();
        stream_ = std::get<1>(*routes_.find(joust::game::stream_call_path)).get();
    }

    /// The answer to a Call.
    result<std::string> call(std::string_view bytes) {
        buffer response;
        std::optional<status> outcome = call_->invoke(context_, bytes, response);
        if (!outcome)
            outcome = run(call_->start(context_, bytes, response));
        if (!outcome->ok())
            return *outcome;
        return std::string(response.view());
    }

    status stream(repeated& messages) { return run(stream_->start(context_, messages)); }

    asio::io_context& io() noexcept { return io_; }

private:
    status run(asio::awaitable<status> running) {
        std::optional<status> outcome;
        asio::co_spawn(io_, std::move(running), [&](std::exception_ptr e, status s) {
            require(e == nullptr);
            outcome = std::move(s);
        });
        io_.restart();
        while (!outcome)
            require(io_.run_one() != 0);
        return *outcome;
    }

    asio::io_context io_{1};
    joust::game::services services_;
    joust::router routes_;
    joust::unary_handler* call_ = nullptr;
    joust::stream_handler* stream_ = nullptr;
    std::shared_ptr<joust::net::server_connection> connection_ = std::make_shared<joust::net::server_connection>(
        std::make_unique<nowhere>(io_), joust::net::connection_settings(), nullptr, std::make_shared<nobody>());
    joust::net::server_stream server_stream_{*connection_};
    joust::call_context context_{server_stream_};
    asio::cancellation_signal cancel_;
    joust::rpc::time_limit limit_{context_, cancel_};
};

/// `asked` may name the secret itself, which comes back as a name that nobody knows.
void check_response(std::string_view bytes, std::string_view asked) {
    joust::game::response_view seen;
    require(joust::game::decode_response(bytes, seen).ok());
    require(seen.code == 0 || seen.payload.empty());
    require(seen.code != 0 || seen.message == "success" || seen.message == "more");
    require(seen.message.find("secret") == std::string_view::npos || asked.find("secret") != std::string_view::npos);
    require(seen.code != 0 || seen.payload.empty() ||
            joust::json::decode<boost::json::value>(seen.payload).has_value());
    buffer again;
    require(joust::game::encode_response(again, seen).ok());
    require(again.view() == bytes);
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static world w;
    std::string_view const bytes = joust::fuzz::as_text(data, size);
    joust::game::request_view request;
    bool const is_request = joust::game::decode_request(bytes, request).ok();

    result<std::string> const answer = w.call(bytes);
    require(answer.has_value() == is_request);
    if (answer.has_value())
        check_response(*answer, bytes);
    else
        require(answer.error().code() == joust::status_code::internal);

    repeated messages(w.io(), bytes, 3);
    require(w.stream(messages).ok() == is_request);
    require(is_request ? messages.answers.size() >= 3 : messages.answers.empty());
    for (std::string const& one : messages.answers)
        check_response(one, bytes);
    if (answer.has_value() && messages.answers.size() == 3)
        require(messages.answers[0] == messages.answers[2]);
    return 0;
}
