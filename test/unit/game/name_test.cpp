//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/name.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(name)

namespace {

using joust::game::host_of;
using joust::game::method_name;
using joust::game::received_name;
using joust::game::resolve_name;

std::string resolved(std::string_view call, std::string_view address, std::string_view configured = {},
                     std::string_view otherwise = {}) {
    auto const name = resolve_name(call, address, configured, otherwise);
    return name ? std::string(name->service) + " " + std::string(name->method) : name.error().to_string();
}

} // namespace

BOOST_AUTO_TEST_CASE(dotted_call_names_service_and_method) {
    BOOST_TEST(resolved("logic.get", "chat-service:1") == "logic get");
    BOOST_TEST(resolved("a.b.c", "") == "a c");
    BOOST_TEST(resolved("a..c", "") == "a c");
}

BOOST_AUTO_TEST_CASE(plain_call_takes_the_default_service_before_that_of_the_address) {
    BOOST_TEST(resolved("m", "logic:1", {}, "my-shop") == "my-shop m");
    BOOST_TEST(resolved("m", "unix:/path", {}, "my-shop") == "my-shop m");
    BOOST_TEST(resolved("a.m", "logic:1", {}, "my-shop") == "a m");
    BOOST_TEST(resolved("m", "logic:1", "set", "my-shop") == "set m");
}

BOOST_AUTO_TEST_CASE(plain_call_takes_the_service_from_the_address) {
    BOOST_TEST(resolved("m", "logic-service:50051") == "logic m");
    BOOST_TEST(resolved("m", "logic-service-2.example.org:50051") == "logic m");
    BOOST_TEST(resolved("m", "logic:50051") == "logic m");
    BOOST_TEST(resolved("m", "logic") == "logic m");
    BOOST_TEST(resolved("m", "localhost:50051") == "localhost m");
    BOOST_TEST(resolved("m", "10.0.0.1:50051") == "10.0.0.1 m");
    BOOST_TEST(resolved("m", "[::1]:50051") == "::1 m");
    BOOST_TEST(resolved("m", "[fe80::1%eth-0]:50051") == "fe80::1%eth-0 m");
    BOOST_TEST(resolved("m", "dns:///x-y:1") == "x m");
}

BOOST_AUTO_TEST_CASE(configured_service_always_wins) {
    BOOST_TEST(resolved("m", "logic-service:50051", "chat") == "chat m");
    BOOST_TEST(resolved("logic.m", "logic-service:50051", "chat") == "chat m");
    BOOST_TEST(resolved("m", "unix:/run/logic", "chat") == "chat m");
}

BOOST_AUTO_TEST_CASE(host_is_found_in_every_form_of_address) {
    BOOST_TEST(host_of("host:1") == "host");
    BOOST_TEST(host_of("host") == "host");
    BOOST_TEST(host_of("") == "");
    BOOST_TEST(host_of(":50051") == "");
    BOOST_TEST(host_of("[::1]:50051") == "::1");
    BOOST_TEST(host_of("[::1]") == "::1");
    BOOST_TEST(host_of("[::1") == "");
    BOOST_TEST(host_of("2001:db8::7") == "2001:db8::7");
    BOOST_TEST(host_of("dns:///x:1") == "x");
    BOOST_TEST(host_of("dns://8.8.8.8/x:1") == "x");
    BOOST_TEST(host_of("dns:///[::1]:1") == "::1");
    BOOST_TEST(host_of("dns:x:1") == "x");
    BOOST_TEST(host_of("dns:x") == "x");
    BOOST_TEST(host_of("ipv4:10.0.0.1:1,10.0.0.2:1") == "10.0.0.1");
    BOOST_TEST(host_of("ipv6:[::1]:1,[::2]:1") == "::1");
    BOOST_TEST(host_of("static://x:1") == "x");
    BOOST_TEST(host_of("a:1,b:2") == "a");
    BOOST_TEST(host_of("dns:///") == "");
    BOOST_TEST(host_of("unix:/path") == "");
    BOOST_TEST(host_of("unix:///path") == "");
    BOOST_TEST(host_of("unix-abstract:name") == "");
    BOOST_TEST(host_of("/path/socket") == "");
}

BOOST_AUTO_TEST_CASE(name_that_cannot_be_told_is_refused) {
    BOOST_TEST(resolved("", "logic:1") == "INVALID_ARGUMENT: the method to call has no name");
    BOOST_TEST(resolved("logic.", "logic:1") == "INVALID_ARGUMENT: no method name in \"logic.\"");
    BOOST_TEST(resolved(".", "logic:1") == "INVALID_ARGUMENT: no method name in \".\"");
    BOOST_TEST(resolved(".m", "logic:1") == "INVALID_ARGUMENT: no service name before the dot in \".m\"");
    for (std::string_view const address : {"unix:/run/logic", "", ":50051", "-x:1"})
        BOOST_TEST(resolved("m", address) == "INVALID_ARGUMENT: cannot tell the service of \"m\" from the address \"" +
                                                 std::string(address) +
                                                 "\": call \"service.method\", or set the client's service name");
}

BOOST_AUTO_TEST_CASE(server_takes_both_forms_of_request) {
    BOOST_TEST((received_name("logic", "get") == method_name{"logic", "get"}));
    BOOST_TEST((received_name("", "logic.get") == method_name{"logic", "get"}));
    BOOST_TEST((received_name("logic", "logic.get") == method_name{"logic", "get"}));
    BOOST_TEST((received_name("", "get") == method_name{"", "get"}));
    BOOST_TEST((received_name("", "") == method_name{"", ""}));
}

BOOST_AUTO_TEST_SUITE_END()
