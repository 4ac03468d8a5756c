//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/interceptor.hpp"

#include "joust/game/services.hpp"
#include "support/game_peer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

// Whatever hooks and methods do, and whenever clients go: each `before` has one `after` or `on_error`, in reverse
// order.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(game_interceptor_pairs)

namespace {

namespace asio = boost::asio;
using asio::awaitable;

/// Looks at the order of all hooks.
class watch {
public:
    explicit watch(unsigned seed) : random_(seed) {}

    bool one_in(unsigned n) { return random_() % n == 0; }
    std::size_t below(std::size_t n) { return random_() % n; }

    void began(game::call const& c, int who) {
        ++begun_;
        auto& of_call = open_[&c];
        if (!of_call.empty() && of_call.back() >= who)
            complain("out of order");
        of_call.push_back(who);
    }
    void ended(game::call const& c, int who) {
        auto const of_call = open_.find(&c);
        if (of_call == open_.end() || of_call->second.back() != who)
            return complain("an end without its beginning");
        of_call->second.pop_back();
        if (of_call->second.empty())
            open_.erase(of_call);
    }

    std::size_t begun() const noexcept { return begun_; }
    std::string verdict() const {
        return complaint_.empty() && !open_.empty() ? "a beginning without its end" : complaint_;
    }

private:
    void complain(char const* what) {
        if (complaint_.empty())
            complaint_ = what;
    }

    std::mt19937 random_;
    std::map<game::call const*, std::vector<int>> open_;
    std::size_t begun_ = 0;
    std::string complaint_;
};

struct hooks {
    watch& w;
    int who;

    status before(game::call& c) const {
        w.began(c, who);
        if (w.one_in(15))
            throw std::runtime_error("secret");
        if (w.one_in(15))
            return status(status_code::aborted, "refused");
        if (w.one_in(15))
            c.set_answer("1");
        return {};
    }
    status after(game::call& c) const {
        w.ended(c, who);
        if (w.one_in(8))
            throw std::runtime_error("secret");
        return w.one_in(8) ? status(status_code::data_loss, "spoiled") : status();
    }
    void on_error(game::call& c, status& error) const {
        w.ended(c, who);
        if (w.one_in(8))
            throw std::runtime_error("secret");
        if (w.one_in(4))
            error = status();
        if (w.one_in(4))
            c.set_answer("2");
    }
    status on_message() const {
        if (w.one_in(8))
            throw std::runtime_error("secret");
        return w.one_in(8) ? status(status_code::aborted, "refused") : status();
    }
};

class plain_hooks final : public game::interceptor {
public:
    explicit plain_hooks(hooks const& h) : hooks_(h) {}

    status before(game::call& c) override { return hooks_.before(c); }
    status after(game::call& c) override { return hooks_.after(c); }
    void on_error(game::call& c, status& error) override { hooks_.on_error(c, error); }
    status on_read(game::call&, buffer&) override { return hooks_.on_message(); }
    status on_push(game::call&, buffer&) override { return hooks_.on_message(); }

private:
    hooks hooks_;
};

/// Sometimes waits until it is cancelled.
class slow_hooks final : public game::async_interceptor {
public:
    explicit slow_hooks(hooks const& h) : hooks_(h) {}

    awaitable<status> before(game::call& c) override {
        status s = hooks_.before(c);
        if (hooks_.w.one_in(8)) {
            asio::steady_timer far(co_await asio::this_coro::executor, std::chrono::hours(1));
            (void)co_await far.async_wait(asio::use_awaitable);
        }
        co_await asio::post(asio::use_awaitable);
        co_return s;
    }
    awaitable<status> after(game::call& c) override {
        co_await asio::post(asio::use_awaitable);
        co_return hooks_.after(c);
    }
    awaitable<void> on_error(game::call& c, status& error) override {
        co_await asio::post(asio::use_awaitable);
        hooks_.on_error(c, error);
    }
    status on_read(game::call&, buffer&) override { return hooks_.on_message(); }
    status on_push(game::call&, buffer&) override { return hooks_.on_message(); }

private:
    hooks hooks_;
};

game::any_interceptor some_hooks(watch& w, int who) {
    if (w.one_in(2))
        return std::make_shared<plain_hooks>(hooks{w, who});
    return std::make_shared<slow_hooks>(hooks{w, who});
}

struct deeds {
    int plain() { return 0; }
    int crash() { throw std::runtime_error("secret"); }
    result<int> fail() { return status(status_code::not_found, "no"); }
    awaitable<int> later() {
        co_await asio::post(asio::use_awaitable);
        co_return 0;
    }
    awaitable<void> never() {
        asio::steady_timer far(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await far.async_wait(asio::use_awaitable);
    }
    awaitable<int> push(game::responses<int>& out) {
        for (int i = 0; i != 3; ++i) {
            auto pushing = out.async_push(i, asio::use_awaitable);
            (co_await std::move(pushing)).value();
        }
        co_return 3;
    }
    awaitable<void> whole(game::server_stream<boost::json::object, int>& s) {
        for (;;) {
            auto reading = s.async_read(asio::use_awaitable);
            auto const next = (co_await std::move(reading)).value();
            if (!next)
                co_return;
            auto writing = s.async_write(1, asio::use_awaitable);
            (void)co_await std::move(writing);
        }
    }
};
BOOST_DESCRIBE_STRUCT(deeds, (), (plain, crash, fail, later, never, push, whole))

constexpr std::array methods{"plain", "crash", "fail", "later", "never", "push", "whole"};

struct client_call {
    probe_call call;
    bool half_closed = false;

    void half_close() {
        half_closed = true;
        call.stream->call().half_close();
    }
    void abort() {
        if (!call.outcome)
            call.stream->abort(status(status_code::cancelled, "enough"));
    }
};

/// A server with hooks at each level, and clients that come and go.
std::size_t play(unsigned seed, std::string& verdict) {
    watch w(seed);
    game::services s;
    game::service& service = s.add("deeds", std::make_shared<deeds>());
    s.use_all({some_hooks(w, 0), some_hooks(w, 1)});
    service.use_all({some_hooks(w, 2)});
    for (char const* const name : methods)
        service.use_for(name, {some_hooks(w, 3)});
    game_peer peer(s);
    std::vector<std::unique_ptr<client_call>> calls;
    for (int step = 0; step != 60; ++step) {
        auto const method = methods[w.below(methods.size())];
        if (calls.empty() || w.one_in(3)) {
            bool const stream = w.one_in(2);
            client_call& fresh = *calls.emplace_back(std::make_unique<client_call>());
            BOOST_TEST_REQUIRE(fresh.call.open(*peer.client, stream ? game_peer::stream_path : game_peer::call_path));
            BOOST_TEST_REQUIRE(fresh.call.send(envelope("deeds", method)));
            if (!stream)
                fresh.half_close();
        } else {
            client_call& some = *calls[w.below(calls.size())];
            if (w.one_in(6))
                some.abort();
            else if (!some.half_closed && !some.call.outcome && w.one_in(5))
                some.half_close();
            else if (!some.half_closed && !some.call.outcome)
                (void)some.call.send(envelope("deeds", method));
        }
        if (w.one_in(2))
            peer.poll();
    }
    if (w.one_in(3))
        peer.link->close();
    else
        for (auto const& each : calls)
            each->abort();
    peer.poll();
    verdict = w.verdict();
    return w.begun();
}

} // namespace

BOOST_AUTO_TEST_CASE(each_beginning_has_its_end_in_reverse_order) {
    std::size_t begun = 0;
    for (unsigned seed = 0; seed != 300; ++seed) {
        std::string verdict;
        begun += play(seed, verdict);
        BOOST_TEST(verdict == "", "seed " << seed << ": " << verdict);
    }
    BOOST_TEST(begun > 10'000u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
