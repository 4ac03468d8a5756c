//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/address.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace joust::net {

BOOST_AUTO_TEST_SUITE(address_texts)

namespace {

std::string read(std::string_view text) {
    auto const a = parse_address(text);
    return a.has_error() ? "error: " + a.error().message() : to_string(*a);
}

} // namespace

BOOST_AUTO_TEST_CASE(hosts) {
    BOOST_TEST(read("localhost:1") == "localhost:1");
    BOOST_TEST(read("dns:///a.test:443") == "a.test:443");
    BOOST_TEST(read("ipv6:[::1]:1") == "[::1]:1");
    BOOST_TEST(read("localhost") == "error: address 'localhost': the port is missing (host:port)");
}

BOOST_AUTO_TEST_CASE(unix_sockets) {
    BOOST_TEST(read("unix:a/b") == "unix:a/b");
    BOOST_TEST(read("unix:/a/b") == "unix:/a/b");
    BOOST_TEST(read("unix:///a/b") == "unix:/a/b");
    BOOST_TEST(read("unix-abstract:a b") == "unix-abstract:a b");
    BOOST_TEST(read("unix:") == "error: address 'unix:': the path is missing (unix:path)");
    BOOST_TEST(read("unix-abstract:") == "error: address 'unix-abstract:': the name is missing (unix-abstract:name)");
    BOOST_TEST(read("unix://a") == "error: address 'unix://a': the path after unix:// must be absolute (unix:///path)");
    BOOST_TEST(read("unix:" + std::string(107, 'x')) == "unix:" + std::string(107, 'x'));
    BOOST_TEST(read("unix:" + std::string(108, 'x')).ends_with("the path has more than 107 bytes"));
}

BOOST_AUTO_TEST_CASE(what_follows_from_them) {
    auto const host = parse_address("[::1]:1").value();
    BOOST_TEST(default_authority(host) == "[::1]:1");
    BOOST_TEST(certificate_name(host) == "::1");
    BOOST_TEST(!stays_on_this_machine(host));
    auto const path = parse_address("unix:/a").value();
    BOOST_TEST(default_authority(path) == "localhost");
    BOOST_TEST(certificate_name(path) == "localhost");
    BOOST_TEST(stays_on_this_machine(path));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::net
