//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Interceptors around JSON services and their clients: they see the gRPC calls that carry the envelopes.

#include "joust/rpc/client_interceptor.hpp"
#include "support/game_loopback.hpp"
#include "support/interceptor_log.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace joust::test {

namespace {

using asio::awaitable;

class of_server final : public server_interceptor {
public:
    explicit of_server(interceptor_log& log) : log_(log) {}

    status on_start(call_context& c) override { return log_.at("server.start:" + std::string(c.path())); }
    bool sees_messages() const override { return true; }
    status on_request(call_context&, buffer& m) override { return log_.at("server.request", &m); }
    void on_finish(call_context&, status& outcome) override { log_.finished("server", outcome); }

private:
    interceptor_log& log_;
};

class of_client final : public client_interceptor {
public:
    explicit of_client(interceptor_log& log) : log_(log) {}

    status on_start(std::string_view path, call_options& o) override {
        o.metadata.add("x-intercepted", "yes");
        return log_.at("client.start:" + std::string(path));
    }
    void on_finish(status& outcome, metadata const&) override { log_.finished("client", outcome); }

private:
    interceptor_log& log_;
};

struct intercepted_game {
    interceptor_log log;
    game_loopback at;
    game::client client;

    intercepted_game() : at(options()), client(make_client()) {}

    server_options options() {
        server_options o;
        o.interceptors = {std::make_shared<of_server>(log)};
        return o;
    }
    game::client make_client() {
        game::client_options o;
        o.service = "logic";
        joust::channel const plain(at.io.get_executor(), at.address);
        return game::client(intercept(plain, {std::make_shared<of_client>(log)}), at.address, o);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_interceptors, intercepted_game)

BOOST_AUTO_TEST_CASE(are_around_a_call) {
    at.run([&]() -> awaitable<void> {
        player_query const q{"123"};
        auto calling = client.async_call<player>("get_player_info", q);
        player const expected{"123", 10};
        BOOST_TEST(((co_await std::move(calling)).value() == expected));
        auto asking = client.async_call<std::map<std::string, std::string>>("headers");
        auto const seen = (co_await std::move(asking)).value();
        BOOST_TEST(seen.at("x-intercepted") == "yes");
    });
    std::string const one = "client.start:/game.grpc.GameService/Call server.start:/game.grpc.GameService/Call "
                            "server.request server.finish:OK client.finish:OK";
    BOOST_TEST(log.text() == one + " " + one);
}

BOOST_AUTO_TEST_CASE(hear_of_an_answered_failure_as_of_an_answer) {
    at.run([&]() -> awaitable<void> {
        failing const f{404, "nobody"};
        auto calling = client.async_call<int>("fail", f);
        auto const r = co_await std::move(calling);
        BOOST_TEST(told(r) == "NOT_FOUND 404: nobody");
    });
    BOOST_TEST(log.lines.back() == "client.finish:OK"); // the code is in the envelope
}

BOOST_AUTO_TEST_CASE(see_each_request_of_a_stream_and_may_refuse_it) {
    log.where = "server.request";
    log.what = interceptor_log::act::refuse;
    at.run([&]() -> awaitable<void> {
        std::vector<player> const all{{"a", 1}, {"b", 2}};
        auto calling = client.async_stream_call<bool>("update_player", all);
        auto const r = co_await std::move(calling);
        BOOST_TEST(told(r) == "PERMISSION_DENIED: refused by server.request");
    });
    BOOST_TEST(at.logic->updated.empty());
    BOOST_TEST(log.lines.back() == "client.finish:PERMISSION_DENIED");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
