//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Unary calls that fail are answered by somebody else.

#include "joust/client/fallback.hpp"
#include "joust/core/connection_error.hpp"
#include "support/cluster.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(fallbacks)

namespace {

using asio::awaitable;

octets const request = "hello";

buffer to_buffer(std::string_view text) {
    buffer b;
    b.append(text);
    return b;
}

/// Keeps the last answer to each request.
class last_answers final : public fallback {
public:
    std::optional<buffer> on_failure(std::string_view, std::string_view q, status const&) override {
        auto const at = kept_.find(std::string(q));
        return at != kept_.end() ? std::optional(to_buffer(at->second)) : std::nullopt;
    }
    void on_answer(std::string_view path, std::string_view q, std::string_view answer) override {
        BOOST_TEST(path == bytes_service::unary.path);
        kept_[std::string(q)] = answer;
    }

private:
    std::map<std::string, std::string> kept_;
};

struct asked : cluster {
    response_info info;

    asked() : cluster(1) {}

    result<octets> ask(any_channel const& via, octets q = request, call_options o = {}) {
        std::optional<result<octets>> got;
        o.info = &info;
        via.async_call(bytes_service::unary, q, std::move(o), [&](result<octets> r) { got = std::move(r); });
        run_until([&] { return got.has_value(); });
        return *got;
    }
};

std::shared_ptr<fallback> always(std::string text) {
    return make_fallback([text = std::move(text)](std::string_view path, std::string_view q, status const& why) {
        return std::optional(to_buffer(text + " " + std::string(path) + " " + std::string(q) + " " +
                                       std::string(to_string(why.code()))));
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(outages_are_told_from_answers) {
    BOOST_TEST(is_outage(status(status_code::unavailable)));
    BOOST_TEST(is_outage(status(status_code::deadline_exceeded)));
    BOOST_TEST(
        is_outage(status(status_code::resource_exhausted, "", status_origin::local, connection_error::queue_full)));
    BOOST_TEST(!is_outage(status(status_code::resource_exhausted)));
    BOOST_TEST(!is_outage(status(status_code::cancelled)));
    BOOST_TEST(!is_outage(status(status_code::not_found)));
    BOOST_TEST(!is_outage({}));
}

BOOST_AUTO_TEST_CASE(open_breaker_is_answered_for_and_marked) {
    asked at;
    channel_options o;
    o.circuit_breaker = circuit_breaker_options();
    auto ch = at.channel(o);
    auto const via = with_fallback(ch, always("instead of"));
    BOOST_TEST(at.ask(via).value() == request);
    BOOST_TEST(!at.info.instead_of.has_value());
    ch.set_circuit({}, circuit_control::force_open);
    BOOST_TEST(at.ask(via).value() == "instead of /test.Bytes/Unary hello UNAVAILABLE");
    BOOST_TEST_REQUIRE(at.info.instead_of.has_value());
    BOOST_CHECK(at.info.instead_of->cause() == connection_error::circuit_open);
    ch.set_circuit({}, circuit_control::automatic);
    BOOST_TEST(at.ask(via).value() == request);
    BOOST_TEST(!at.info.instead_of.has_value());
}

BOOST_AUTO_TEST_CASE(last_good_answers_outlive_the_server) {
    asked at;
    auto const via = with_fallback(at.channel(), std::make_shared<last_answers>());
    BOOST_TEST(at.ask(via, "a").value() == "a");
    at.kill(0);
    BOOST_TEST(at.ask(via, "a").value() == "a");
    BOOST_TEST(at.info.instead_of.has_value());
    auto const unknown = at.ask(via, "b");
    BOOST_TEST(code_of(unknown) == status_code::unavailable);
    BOOST_TEST(!at.info.instead_of.has_value());
}

BOOST_AUTO_TEST_CASE(errors_that_the_service_answers_are_its_answer) {
    asked at;
    at[0].answer = cluster::failing(status_code::not_found);
    BOOST_TEST(code_of(at.ask(with_fallback(at.channel(), always("instead of")))) == status_code::not_found);
}

BOOST_AUTO_TEST_CASE(cancelled_call_stays_so) {
    asked at;
    event never(at.io.get_executor());
    at[0].answer = [&](octets q, call_context&) -> awaitable<result<octets>> {
        co_await never.wait();
        co_return q;
    };
    auto const via = with_fallback(at.channel(), always("instead of"));
    asio::cancellation_signal signal;
    std::optional<result<octets>> got;
    via.async_call(bytes_service::unary, request, {},
                   asio::bind_cancellation_slot(signal.slot(), [&](result<octets> r) { got = std::move(r); }));
    at.run_until([&] { return at[0].calls == 1; });
    signal.emit(asio::cancellation_type::terminal);
    at.run_until([&] { return got.has_value(); });
    BOOST_TEST(code_of(*got) == status_code::cancelled);
}

BOOST_AUTO_TEST_CASE(deadline_that_is_near_leaves_the_margin) {
    asked at;
    auto const via = with_fallback(at.channel(), always("instead of"), 1h);
    call_options near;
    near.timeout = 30min;
    BOOST_TEST(at.ask(via, request, near).value() == "instead of /test.Bytes/Unary hello DEADLINE_EXCEEDED");
    BOOST_TEST(at[0].calls == 0U);
    call_options far;
    far.timeout = 2h;
    far.deadline = std::chrono::steady_clock::time_point::max();
    BOOST_TEST(at.ask(via, request, far).value() == request);
    BOOST_TEST(at.ask(via).value() == request); // none at all
}

BOOST_AUTO_TEST_CASE(one_that_throws_changes_nothing) {
    asked at;
    auto const via = with_fallback(at.channel(), make_fallback([](auto, auto, auto const&) -> std::optional<buffer> {
                                       throw std::runtime_error("no idea");
                                   }));
    at.kill(0);
    BOOST_TEST(code_of(at.ask(via)) == status_code::unavailable);
    BOOST_TEST(!at.info.instead_of.has_value());
}

BOOST_AUTO_TEST_CASE(streams_are_passed_on) {
    asked at;
    auto const via = with_fallback(at.channel(), always("instead of"));
    at.run([&]() -> awaitable<void> {
        call_options const o;
        auto opening = via.async_open(bytes_service::bidi, o);
        auto stream = (co_await std::move(opening)).value();
        (co_await write(stream, request)).value();
        BOOST_TEST((co_await read(stream)).value().value() == request);
    });
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused) {
    cluster at(1);
    BOOST_CHECK_THROW(with_fallback(at.channel(), nullptr), std::invalid_argument);
    BOOST_CHECK_THROW(with_fallback(at.channel(), always(""), -1s), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
