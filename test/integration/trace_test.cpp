//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The trace of a handler's call goes on with the calls that the handler makes.

#include "joust/rpc/client_interceptor.hpp"
#include "support/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;
using pairs = std::vector<std::string>;

octets const request = "hello";
std::string const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
std::string const other = "00-00000000000000000000000000000001-0000000000000001-00";

class idle_interceptor final : public async_client_interceptor {};

/// A server whose handler calls another one on behalf of its caller.
struct two_servers : loopback {
    joust::server front{io.get_executor()};
    std::string front_address;
    any_channel behind{nullptr};
    metadata own; // of the call that the handler makes
    pairs seen;   // the trace that the server behind gets

    two_servers() {
        server.add(bytes_service::unary, [this](octets q, call_context& c) -> awaitable<octets> {
            for (auto const* const key : {"traceparent", "tracestate"})
                for (auto const value : c.request_metadata().get_all(key))
                    seen.emplace_back(value);
            co_return q;
        });
        listen();
        behind = channel();
        front.add(bytes_service::unary, [this](octets q, call_context& c) -> awaitable<result<octets>> {
            call_options options;
            options.parent = &c;
            options.metadata = own;
            auto calling = behind.async_call(bytes_service::unary, q, options);
            co_return co_await std::move(calling);
        });
        front_address = front.listen("127.0.0.1:0").value().to_string();
    }

    pairs const& seen_after(metadata sent) {
        seen.clear();
        run([&]() -> awaitable<void> {
            joust::channel const ch(io.get_executor(), front_address);
            call_options options;
            options.metadata = std::move(sent);
            auto calling = call(ch, request, options);
            (co_await std::move(calling)).value();
        });
        return seen;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(trace_of_calls)

BOOST_FIXTURE_TEST_CASE(a_handlers_calls_inherit_it, two_servers) {
    metadata const sent{{"traceparent", trace}, {"tracestate", "a=1"}, {"tracestate", "b=2"}, {"x-other", "1"}};
    BOOST_TEST((seen_after(sent) == pairs{trace, "a=1", "b=2"}));
    BOOST_TEST(seen_after({}).empty());
}

BOOST_FIXTURE_TEST_CASE(that_of_the_call_goes_before, two_servers) {
    own = {{"traceparent", other}};
    BOOST_TEST((seen_after({{"traceparent", trace}, {"tracestate", "a=1"}}) == pairs{other}));
}

BOOST_FIXTURE_TEST_CASE(what_is_none_ends_there, two_servers) {
    BOOST_TEST(seen_after({{"traceparent", "00-unreadable"}, {"tracestate", "a=1"}}).empty());
    BOOST_TEST(seen_after({{"tracestate", "a=1"}}).empty());
    std::string const large(600, 'a');
    BOOST_TEST((seen_after({{"traceparent", trace}, {"tracestate", large}}) == pairs{trace}));
}

BOOST_FIXTURE_TEST_CASE(it_passes_interceptors, two_servers) {
    behind = intercept(channel(), {std::shared_ptr<async_client_interceptor>(std::make_shared<idle_interceptor>())});
    BOOST_TEST((seen_after({{"traceparent", trace}}) == pairs{trace}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
