//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/timeout.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

using joust::wire::parse_timeout;
using joust::wire::timeout_text;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(timeout)

BOOST_AUTO_TEST_CASE(text_has_the_finest_unit_that_fits_rounded_up) {
    struct {
        nanoseconds timeout;
        std::string_view text;
    } constexpr cases[] = {
        {1ns, "1n"},
        {1us, "1000n"},
        {99'999'999ns, "99999999n"},
        {100ms, "100000u"},
        {100'000'001ns, "100001u"},
        {99'999'999us, "99999999u"},
        {99'999'999us + 1ns, "100000m"},
        {100s, "100000m"},
        {99'999'999ms, "99999999m"},
        {99'999'999ms + 1ns, "100000S"},
        {99'999'999s, "99999999S"},
        {99'999'999s + 1ns, "1666667M"},
        {99'999'999min, "99999999M"},
        {99'999'999min + 1ns, "1666667H"},
        {2'562'047h, "2562047H"},
        {nanoseconds::max(), "2562048H"},
    };
    for (auto const& [timeout, text] : cases)
        BOOST_TEST(timeout_text(timeout).view() == text);
}

BOOST_AUTO_TEST_CASE(time_that_is_up_gives_the_least_timeout) {
    BOOST_TEST(timeout_text(0ns).view() == "1n");
    BOOST_TEST(timeout_text(-5s).view() == "1n");
    BOOST_TEST(timeout_text(nanoseconds::min()).view() == "1n");
}

BOOST_AUTO_TEST_CASE(every_unit_is_read) {
    struct {
        std::string_view text;
        nanoseconds timeout;
    } constexpr cases[] = {
        {"1n", 1ns},
        {"1u", 1us},
        {"1m", 1ms},
        {"1S", 1s},
        {"1M", 1min},
        {"1H", 1h},
        {"100m", 100ms},
        {"00000005S", 5s},
        {"0S", 0s},
        {"0n", 0ns},
        {"99999999n", 99'999'999ns},
        {"99999999u", 99'999'999us},
        {"99999999m", 99'999'999ms},
        {"99999999S", 99'999'999s},
        {"99999999M", 99'999'999min},
        {"2562047H", 2'562'047h},
    };
    for (auto const& [text, timeout] : cases)
        BOOST_TEST((parse_timeout(text) == timeout), text);
}

BOOST_AUTO_TEST_CASE(too_large_saturates) {
    BOOST_TEST((parse_timeout("2562048H") == nanoseconds::max()));
    BOOST_TEST((parse_timeout("99999999H") == nanoseconds::max()));
}

BOOST_AUTO_TEST_CASE(malformed_is_refused) {
    for (std::string_view const text : {"", "S", "1", "12", "123456789S", "123456789", "1s", "1h", "1x", "-1S", "+1S",
                                        " 1S", "1S ", "1 S", "1.5S", "0x1S", "1SS", "S1", "\xff\xffS"})
        BOOST_TEST(!parse_timeout(text).has_value(), "accepted '" << text << "'");
}

BOOST_AUTO_TEST_CASE(text_read_back_is_never_shorter_and_hardly_longer) {
    for (std::int64_t count = 1; count < nanoseconds::max().count() / 7; count = count * 7 / 3 + 1) {
        nanoseconds const timeout(count);
        auto const back = parse_timeout(timeout_text(timeout).view());
        BOOST_TEST_REQUIRE(back.has_value());
        BOOST_TEST((*back >= timeout));
        // Seven digits remain significant where hours follow minutes, less than a part in 10,000 elsewhere.
        BOOST_TEST((*back - timeout <= timeout / 10'000));
    }
}

BOOST_AUTO_TEST_SUITE_END()
