//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/target.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace joust;
using namespace joust::client;

BOOST_AUTO_TEST_SUITE(target_)

namespace {

std::string shown(std::string_view text) {
    auto const t = parse_target(text);
    if (t.has_error())
        return t.error().message();
    switch (t->from) {
    case target::source::dns: return "dns " + t->dns.to_string();
    case target::source::file: return "file " + t->name;
    case target::source::environment: return "env " + t->name;
    case target::source::addresses: break;
    }
    std::string all = "addresses";
    for (auto const& a : t->addresses)
        all += " " + a.address;
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(single_address_stays_one_address) {
    BOOST_TEST(shown("logic-service:50051") == "addresses logic-service:50051");
    BOOST_TEST(shown("[::1]:50051") == "addresses [::1]:50051");
    BOOST_TEST(shown("unix:relative/path,with=comma") == "addresses unix:relative/path,with=comma");
    BOOST_TEST(shown("unix:///run/a.sock") == "addresses unix:/run/a.sock");
    BOOST_TEST(shown("unix-abstract:name") == "addresses unix-abstract:name");
    // Hosts that are called like a scheme.
    BOOST_TEST(shown("env:50051") == "addresses env:50051");
    BOOST_TEST(shown("file:50051") == "addresses file:50051");
}

BOOST_AUTO_TEST_CASE(bad_single_address_is_refused_in_the_words_of_the_parser) {
    BOOST_TEST(shown("nowhere") == "address 'nowhere': the port is missing (host:port)");
    BOOST_TEST(shown("") == "address '': the port is missing (host:port)");
    BOOST_TEST((parse_target("nowhere").error().code() == status_code::invalid_argument));
}

BOOST_AUTO_TEST_CASE(lists_keep_their_order_and_each_address_once) {
    BOOST_TEST(shown("b:2,a:1") == "addresses b:2 a:1");
    BOOST_TEST(shown("a:1, b:2 ,a:1,[::1]:3") == "addresses a:1 b:2 [::1]:3");
    BOOST_TEST(shown("ipv4:10.0.0.1:1,10.0.0.2:2") == "addresses 10.0.0.1:1 10.0.0.2:2");
    BOOST_TEST(shown("ipv6:[::1]:1,[fe80::1%eth0]:2") == "addresses [::1]:1 [fe80::1%eth0]:2");
    BOOST_TEST(shown("ipv6:[::1]:1") == "addresses [::1]:1");
}

BOOST_AUTO_TEST_CASE(bad_entry_of_a_list_is_named) {
    BOOST_TEST(shown("a:1,b") == "target 'a:1,b': address 'b': the port is missing (host:port)");
    BOOST_TEST(shown("a:1,") == "target 'a:1,': address '': the port is missing (host:port)");
    BOOST_TEST(shown("a:1,,b:2") == "target 'a:1,,b:2': address '': the port is missing (host:port)");
    BOOST_TEST(shown("ipv4:localhost:1") == "target 'ipv4:localhost:1': address 'localhost:1': not an IPv4 address");
    BOOST_TEST(shown("ipv4:[::1]:1") == "target 'ipv4:[::1]:1': address '[::1]:1': not an IPv4 address");
    BOOST_TEST(shown("ipv6:1.2.3.4:1") == "target 'ipv6:1.2.3.4:1': address '1.2.3.4:1': not an IPv6 address");
    BOOST_TEST(shown("ipv4:") == "target 'ipv4:': address '': the port is missing (host:port)");
}

BOOST_AUTO_TEST_CASE(too_long_a_list_is_refused_in_few_words) {
    std::string list = "host:1";
    for (int i = 2; i <= 10001; ++i)
        list += ",host:" + std::to_string(i);
    BOOST_TEST(shown(list) ==
               "target '" + list.substr(0, 200) + "...': 10001 addresses: only the first 10000 are used");
}

BOOST_AUTO_TEST_CASE(dns_takes_one_name) {
    BOOST_TEST(shown("dns:///greeter:50051") == "dns greeter:50051");
    BOOST_TEST(shown("dns:greeter:50051") == "dns greeter:50051");
    BOOST_TEST(shown("dns:///127.0.0.1:1") == "addresses 127.0.0.1:1"); // nothing to resolve
    BOOST_TEST(shown("dns:[::1]:1") == "addresses [::1]:1");
    BOOST_TEST(shown("dns://8.8.8.8/greeter:1") ==
               "target 'dns://8.8.8.8/greeter:1': a name server cannot be chosen (dns:///host:port)");
    BOOST_TEST(shown("dns:a:1,b:2") == "target 'dns:a:1,b:2': dns: takes one name (dns:///host:port)");
    BOOST_TEST(shown("dns:///greeter") ==
               "target 'dns:///greeter': address 'greeter': the port is missing (host:port)");
    BOOST_TEST(shown("dns:unix:/a") == "target 'dns:unix:/a': dns: takes a name (dns:///host:port)");
    BOOST_TEST(shown("dns:dns:a:1") == "target 'dns:dns:a:1': dns: takes a name (dns:///host:port)");
}

BOOST_AUTO_TEST_CASE(file_and_environment_are_named) {
    BOOST_TEST(shown("file:/etc/logic") == "file /etc/logic");
    BOOST_TEST(shown("file:///etc/logic") == "file /etc/logic");
    BOOST_TEST(shown("file:logic.txt") == "file logic.txt");
    BOOST_TEST(shown("env:LOGIC_SERVICES") == "env LOGIC_SERVICES");
    BOOST_TEST(shown("file:") == "target 'file:': the path is missing (file:path)");
    BOOST_TEST(shown("file://host/path") ==
               "target 'file://host/path': the path after file:// must be absolute (file:///path)");
    BOOST_TEST(shown("env:") == "target 'env:': the name of the variable is missing (env:NAME)");
    BOOST_TEST(shown("env:A-B") ==
               "target 'env:A-B': the name of the variable may have letters, digits and _ only (env:NAME)");
}

BOOST_AUTO_TEST_CASE(garbage_never_gives_a_target_without_a_place) {
    std::mt19937 random(1);
    std::string const alphabet = "a1:.,[]/ %#\n\0=dnsipv46uxfleb";
    for (int seed = 0; seed < 1000; ++seed) {
        std::string text;
        for (std::size_t n = random() % 24; n > 0; --n)
            text += alphabet[random() % alphabet.size()];
        auto const t = parse_target(text);
        if (t.has_error())
            BOOST_REQUIRE((t.error().code() == status_code::invalid_argument));
        else
            BOOST_REQUIRE(!t->addresses.empty() || !t->name.empty() || !t->dns.host.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
