//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/field_check.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <utility>
#include <vector>

namespace joust::http2 {

BOOST_AUTO_TEST_SUITE(http2_field_check)

namespace {

using fields = std::vector<std::pair<std::string_view, std::string_view>>;

bool accepts(fields const& all) {
    field_check check;
    for (auto const& [name, value] : all)
        if (!check.accept(name, value))
            return false;
    return true;
}

} // namespace

BOOST_AUTO_TEST_CASE(requests_pass_with_any_authority) {
    for (std::string_view const authority : {"localhost", "/run/s", "unix:///run/s", "a b", ""})
        BOOST_TEST(accepts({{":method", "POST"},
                            {":scheme", "http"},
                            {":path", "/s/m"},
                            {":authority", authority},
                            {"te", "trailers"},
                            {"x-bin", "AA"}}));
}

BOOST_AUTO_TEST_CASE(malformed_ones_do_not) {
    BOOST_TEST(!accepts({{":path", "/a"}, {":path", "/b"}}));
    BOOST_TEST(!accepts({{"te", "trailers"}, {":path", "/a"}}));
    BOOST_TEST(!accepts({{":status", "200"}}));
    BOOST_TEST(!accepts({{":authority", "a\nb"}}));
    BOOST_TEST(!accepts({{"Upper", "x"}}));
    BOOST_TEST(!accepts({{"", "x"}}));
    BOOST_TEST(!accepts({{"a b", "x"}}));
    BOOST_TEST(!accepts({{"a", "x\r\ny"}}));
    for (std::string_view const name : {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"})
        BOOST_TEST(!accepts({{name, "x"}}), name);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::http2
