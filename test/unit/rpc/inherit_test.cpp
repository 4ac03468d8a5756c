//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/inherit.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(inherit_)

BOOST_AUTO_TEST_CASE(trace_parents_are_those_of_w3c) {
    std::string const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    std::string const later = "cc" + good.substr(2) + "-what-will-be";
    BOOST_TEST(rpc::is_traceparent(good));
    BOOST_TEST(rpc::is_traceparent(later));
    auto const with = [&](std::size_t at, std::string const& text) {
        std::string changed = good;
        return changed.replace(at, text.size(), text);
    };
    std::string const bad[] = {
        "",
        good.substr(0, 54),
        good + "-more", // of version 00
        good + "0",
        later.substr(0, 55) + ".more",
        later + " ",
        later + std::string(100, 'x'),
        with(0, "ff"),
        with(0, "0A"),
        with(3, "4BF9"),
        with(3, std::string(32, '0')),
        with(36, std::string(16, '0')),
        with(2, "_"),
        with(35, "0"),
        with(52, "0"),
        with(54, "g"),
    };
    for (std::string const& each : bad)
        BOOST_TEST(!rpc::is_traceparent(each), each);
}

BOOST_AUTO_TEST_CASE(call_of_nobody_inherits_nothing) {
    call_options o;
    rpc::inherit(o);
    BOOST_TEST(!o.deadline.has_value());
    BOOST_TEST(o.metadata.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
