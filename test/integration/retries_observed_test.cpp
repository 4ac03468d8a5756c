//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace joust::test {
namespace {

class retry_log : public observer {
public:
    struct entry {
        std::string path, peer, why;
        std::uint32_t attempt;
    };

    void call_retried(std::string_view path, std::string_view peer, status const& why,
                      std::uint32_t attempt) noexcept override {
        all.push_back({std::string(path), std::string(peer), why.message(), attempt});
    }

    std::vector<entry> all;
};

struct fixture {
    loopback net;
    int fail_first = 0;
    int asked = 0;
    std::shared_ptr<retry_log> log = std::make_shared<retry_log>();

    fixture() {
        net.server.add(bytes_service::unary, [this](octets const& q) -> result<octets> {
            if (asked++ < fail_first)
                return status(status_code::unavailable, "not yet " + std::to_string(asked));
            return q;
        });
        net.listen();
    }

    result<octets> answer(bool idempotent) {
        channel_options options;
        options.observer = log;
        options.retry.emplace();
        options.retry->max_attempts = 3;
        options.retry->initial_backoff = std::chrono::milliseconds(1);
        auto const via = net.channel(options);
        result<octets> got = status(status_code::unknown, "not called");
        net.run([&]() -> asio::awaitable<void> {
            call_options how;
            how.idempotent = idempotent;
            got = co_await call(via, "x", how);
        });
        return got;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(retries_observed)

BOOST_FIXTURE_TEST_CASE(each_failed_attempt_but_the_last_is_told, fixture) {
    fail_first = 2;
    BOOST_TEST(answer(true).has_value());
    BOOST_REQUIRE_EQUAL(log->all.size(), 2U);
    for (std::uint32_t i = 0; i != 2; ++i) {
        BOOST_TEST(log->all[i].path == "/test.Bytes/Unary");
        BOOST_TEST(log->all[i].peer == net.address);
        BOOST_TEST(log->all[i].why == "not yet " + std::to_string(i + 1));
        BOOST_TEST(log->all[i].attempt == i + 2);
    }
}

BOOST_FIXTURE_TEST_CASE(attempt_that_is_the_last_is_not_told, fixture) {
    fail_first = 3;
    BOOST_TEST(answer(true).has_error());
    BOOST_TEST(asked == 3);
    BOOST_TEST(log->all.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(call_that_is_not_made_again_is_not_told, fixture) {
    fail_first = 1;
    BOOST_TEST(answer(false).has_error());
    BOOST_TEST(asked == 1);
    BOOST_TEST(log->all.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
