//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/head.hpp"

#include "joust/wire/header_list.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using joust::header_field;
using joust::metadata;
using joust::status;
using joust::status_code;
using joust::status_origin;
using joust::wire::response_head;

namespace {

struct parsed {
    response_head head;
    metadata custom;
};

parsed parse(std::vector<header_field> const& fields) {
    parsed p;
    joust::wire::parse_response_head(fields, p.head, p.custom);
    return p;
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_head_)

BOOST_AUTO_TEST_CASE(headers_without_status_are_read) {
    parsed const p = parse({{":status", "200"},
                            {"content-type", "application/grpc+json"},
                            {"grpc-encoding", "gzip"},
                            {"grpc-accept-encoding", "gzip"},
                            {"content-length", "9"},
                            {"server", "nginx"},
                            {"a-bin", "Zg,Zm8="}});
    BOOST_TEST(p.head.http_status == 200);
    BOOST_TEST(p.head.is_grpc);
    BOOST_TEST(p.head.content_type == "application/grpc+json");
    BOOST_TEST(p.head.encoding == "gzip");
    BOOST_TEST(!p.head.has_status);
    BOOST_TEST(p.head.status.ok());
    BOOST_TEST((p.custom == metadata{{"server", "nginx"}, {"a-bin", "f"}, {"a-bin", "fo"}}));
}

BOOST_AUTO_TEST_CASE(answer_of_a_web_server_is_not_grpc) {
    parsed const p = parse({{":status", "502"}, {"content-type", "text/html"}});
    BOOST_TEST(p.head.http_status == 502);
    BOOST_TEST(!p.head.is_grpc);
    BOOST_TEST(p.head.content_type == "text/html");
    BOOST_TEST(!parse({{":status", "200"}}).head.is_grpc);
}

BOOST_AUTO_TEST_CASE(malformed_http_status_counts_as_absent) {
    for (std::string_view const value : {"", "2x0", "-200", "+20", " 200", "99999999999"})
        BOOST_TEST(parse({{":status", value}}).head.http_status == 0);
}

BOOST_AUTO_TEST_CASE(trailers_carry_the_status_of_the_peer) {
    parsed const p = parse(
        {{"grpc-status", "5"}, {"grpc-message", "no %C3%A4 at 100%"}, {"grpc-status-details-bin", "Zm9v"}, {"x", "y"}});
    BOOST_TEST(p.head.http_status == 0);
    BOOST_TEST(p.head.has_status);
    BOOST_TEST((p.head.status.code() == status_code::not_found));
    BOOST_TEST((p.head.status.origin() == status_origin::peer));
    BOOST_TEST(p.head.status.message() == "no \xc3\xa4 at 100%");
    BOOST_TEST(p.head.status.details() == "foo");
    BOOST_TEST((p.custom == metadata{{"x", "y"}}));
}

BOOST_AUTO_TEST_CASE(order_of_the_fields_does_not_matter) {
    parsed const p = parse({{"grpc-status-details-bin", "Zm9v"}, {"grpc-message", "m"}, {"grpc-status", "16"}});
    BOOST_TEST((p.head.status.code() == status_code::unauthenticated));
    BOOST_TEST(p.head.status.message() == "m");
    BOOST_TEST(p.head.status.details() == "foo");
}

BOOST_AUTO_TEST_CASE(message_without_status_is_no_status) {
    parsed const p = parse({{"grpc-message", "m"}, {"grpc-status-details-bin", "Zm9v"}});
    BOOST_TEST(!p.head.has_status);
    BOOST_TEST(p.head.status.ok());
    BOOST_TEST(p.head.status.message() == "");
    BOOST_TEST(p.custom.empty());
}

BOOST_AUTO_TEST_CASE(status_outside_the_set_is_unknown_and_quoted) {
    for (std::string const value : {"", "17", "99", "-1", "+1", "1.0", "1 ", "OK", "4294967296", "0x1"}) {
        parsed const bare = parse({{"grpc-status", value}});
        BOOST_TEST(bare.head.has_status);
        BOOST_TEST((bare.head.status.code() == status_code::unknown));
        BOOST_TEST((bare.head.status.origin() == status_origin::peer));
        BOOST_TEST(bare.head.status.message() == "invalid grpc-status '" + value + "'");
        parsed const told = parse({{"grpc-status", value}, {"grpc-message", "why"}});
        BOOST_TEST(told.head.status.message() == "invalid grpc-status '" + value + "': why");
    }
}

BOOST_AUTO_TEST_CASE(malformed_base64_is_dropped) {
    parsed const p =
        parse({{"grpc-status", "2"}, {"grpc-status-details-bin", "!"}, {"a-bin", "!"}, {"b-bin", "Zg,!,Zm8"}});
    BOOST_TEST(p.head.status.details() == "");
    BOOST_TEST((p.custom == metadata{{"b-bin", "f"}, {"b-bin", "fo"}}));
}

BOOST_AUTO_TEST_CASE(head_is_overwritten_and_metadata_appended) {
    parsed p = parse({{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-status", "5"}, {"a", "1"}});
    std::vector<header_field> const trailers = {{"b", "2"}};
    joust::wire::parse_response_head(trailers, p.head, p.custom);
    BOOST_TEST(p.head.http_status == 0);
    BOOST_TEST(!p.head.is_grpc);
    BOOST_TEST(!p.head.has_status);
    BOOST_TEST(p.head.status.ok());
    BOOST_TEST((p.custom == metadata{{"a", "1"}, {"b", "2"}}));
}

BOOST_AUTO_TEST_CASE(written_status_and_metadata_are_read_back) {
    status s(status_code::data_loss, "50% \xe2\x82\xac\r\n");
    s.set_details(std::string("\0\xff", 2));
    metadata const m{{"a", "1"}, {"b-bin", std::string_view("\xff\0,", 3)}, {"a", ""}};
    joust::wire::header_list list;
    list.add_status(s);
    list.add_metadata(m);
    parsed p;
    joust::wire::parse_response_head(list.fields(), p.head, p.custom);
    BOOST_TEST(p.head.status == s);
    BOOST_TEST((p.custom == m));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(status_mapping)

BOOST_AUTO_TEST_CASE(http_status_gives_the_code_of_the_specification) {
    std::pair<int, status_code> constexpr cases[] = {
        {400, status_code::internal},      {401, status_code::unauthenticated}, {403, status_code::permission_denied},
        {404, status_code::unimplemented}, {429, status_code::unavailable},     {502, status_code::unavailable},
        {503, status_code::unavailable},   {504, status_code::unavailable},     {0, status_code::unknown},
        {100, status_code::unknown},       {200, status_code::unknown},         {405, status_code::unknown},
        {415, status_code::unknown},       {500, status_code::unknown},         {-1, status_code::unknown},
    };
    for (auto const& [http_status, code] : cases)
        BOOST_TEST((joust::wire::status_from_http(http_status) == code), "of " << http_status);
}

BOOST_AUTO_TEST_CASE(reset_gives_the_code_of_the_specification) {
    for (std::uint32_t error = 0; error < 20; ++error) {
        status_code const expected = error == 7    ? status_code::unavailable
                                     : error == 8  ? status_code::cancelled
                                     : error == 11 ? status_code::resource_exhausted
                                     : error == 12 ? status_code::permission_denied
                                                   : status_code::internal;
        BOOST_TEST((joust::wire::status_from_reset(error) == expected), "of " << error);
    }
    BOOST_TEST((joust::wire::status_from_reset(0xffff'ffff) == status_code::internal));
}

BOOST_AUTO_TEST_SUITE_END()
