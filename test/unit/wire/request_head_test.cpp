//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/head.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using joust::header_field;
using joust::metadata;
using joust::status_code;
using joust::wire::head_verdict;
using joust::wire::request_head;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(request_head_)

namespace {

using fields = std::vector<header_field>;

fields const usual = {
    {":method", "POST"},    {":scheme", "http"}, {":path", "/helloworld.Greeter/SayHello"},
    {":authority", "host"}, {"te", "trailers"},  {"content-type", "application/grpc"},
};

fields with(fields block, fields const& more) {
    block.insert(block.end(), more.begin(), more.end());
    return block;
}

fields with_value(std::string_view name, std::string_view value) {
    fields block = usual;
    for (header_field& field : block)
        if (field.name == name)
            field.value = value;
    return block;
}

fields without(std::string_view name) {
    fields block = usual;
    std::erase_if(block, [&](header_field const& field) { return field.name == name; });
    return block;
}

struct parsed {
    head_verdict verdict;
    request_head head;
    metadata custom;
};

parsed parse(fields const& block) {
    parsed p;
    p.verdict = joust::wire::parse_request_head(block, p.head, p.custom);
    return p;
}

void check_refused(fields const& block, int http_status, std::string_view message) {
    parsed const p = parse(block);
    BOOST_TEST(!p.verdict.ok());
    BOOST_TEST(p.verdict.http_status == http_status);
    BOOST_TEST((p.verdict.status.code() == status_code::internal));
    BOOST_TEST(p.verdict.status.message() == message);
}

} // namespace

BOOST_AUTO_TEST_CASE(usual_block_is_accepted) {
    parsed const p = parse(usual);
    BOOST_TEST(p.verdict.ok());
    BOOST_TEST(p.head.path == "/helloworld.Greeter/SayHello");
    BOOST_TEST(p.head.authority == "host");
    BOOST_TEST(p.head.content_subtype == "");
    BOOST_TEST(p.head.encoding == "");
    BOOST_TEST(p.head.accept_encoding == "");
    BOOST_TEST(!p.head.timeout.has_value());
    BOOST_TEST(p.custom.empty());
}

BOOST_AUTO_TEST_CASE(grpc_fields_are_read_and_kept_from_metadata) {
    parsed const p = parse(with(usual, {{"grpc-timeout", "100m"},
                                        {"grpc-encoding", "gzip"},
                                        {"grpc-accept-encoding", "identity,gzip"},
                                        {"content-length", "5"},
                                        {"host", "other"}}));
    BOOST_TEST(p.verdict.ok());
    BOOST_TEST((p.head.timeout == 100ms));
    BOOST_TEST(p.head.encoding == "gzip");
    BOOST_TEST(p.head.accept_encoding == "identity,gzip");
    BOOST_TEST(p.head.authority == "host");
    BOOST_TEST(p.custom.empty());
}

BOOST_AUTO_TEST_CASE(host_stands_in_for_a_missing_authority) {
    BOOST_TEST(parse(with(without(":authority"), {{"host", "gateway"}})).head.authority == "gateway");
}

BOOST_AUTO_TEST_CASE(metadata_is_appended_in_order) {
    parsed p;
    p.custom.add("before", "0");
    fields const block = with(usual, {{"a", "1"}, {"user-agent", "test/1"}, {"accept", "x"}, {"a", ""}});
    BOOST_TEST(joust::wire::parse_request_head(block, p.head, p.custom).ok());
    BOOST_TEST(
        (p.custom == metadata{{"before", "0"}, {"a", "1"}, {"user-agent", "test/1"}, {"accept", "x"}, {"a", ""}}));
}

BOOST_AUTO_TEST_CASE(reserved_names_are_hidden_but_those_meant_for_the_user) {
    parsed const p = parse(with(usual, {{"grpc-previous-rpc-attempts", "2"},
                                        {"grpc-trace-bin", "Zm9v"},
                                        {"grpc-tags-bin", "YmFy"},
                                        {"grpc-retry-pushback-ms", "7"},
                                        {"grpc-status", "0"},
                                        {"grpc-message", "x"},
                                        {"grpc-status-details-bin", "not base64"},
                                        {"grpc-unknown", "x"},
                                        {"grpc-", "x"},
                                        {"grpc-unknown-bin", "not base64"},
                                        {":unknown", "x"},
                                        {":a", "x"},
                                        {":status", "200"}}));
    BOOST_TEST(p.verdict.ok());
    BOOST_TEST((p.custom == metadata{{"grpc-previous-rpc-attempts", "2"},
                                     {"grpc-trace-bin", "foo"},
                                     {"grpc-tags-bin", "bar"},
                                     {"grpc-retry-pushback-ms", "7"}}));
}

BOOST_AUTO_TEST_CASE(names_of_the_length_of_known_ones_are_metadata) {
    metadata expected;
    fields block = usual;
    std::string const name(40, 'x');
    for (std::size_t size = 1; size <= name.size(); ++size) {
        block.push_back({std::string_view(name).substr(0, size), "v"});
        expected.add(block.back().name, "v");
    }
    parsed const p = parse(block);
    BOOST_TEST(p.verdict.ok());
    BOOST_TEST((p.custom == expected));
}

BOOST_AUTO_TEST_CASE(binary_values_are_decoded_and_split_at_commas) {
    parsed const p =
        parse(with(usual, {{"a-bin", "Zm9v"}, {"a-bin", "Zg==,Zm8"}, {"b-bin", "Zg , \tZm8,"}, {"c-bin", ""}}));
    BOOST_TEST(p.verdict.ok());
    BOOST_TEST((p.custom == metadata{{"a-bin", "foo"},
                                     {"a-bin", "f"},
                                     {"a-bin", "fo"},
                                     {"b-bin", "f"},
                                     {"b-bin", "fo"},
                                     {"b-bin", ""},
                                     {"c-bin", ""}}));
}

BOOST_AUTO_TEST_CASE(binary_value_of_any_size_is_decoded) {
    for (std::size_t const groups : {1u, 84u, 85u, 86u, 10'000u}) {
        std::string encoded, bytes;
        for (std::size_t i = 0; i < groups; ++i) {
            encoded += "Zm9v";
            bytes += "foo";
        }
        parsed const p = parse(with(usual, {{"a-bin", encoded}}));
        BOOST_TEST(p.verdict.ok());
        BOOST_TEST((p.custom.get("a-bin") == bytes));
    }
}

BOOST_AUTO_TEST_CASE(content_types_of_grpc_are_accepted) {
    std::pair<std::string_view, std::string_view> constexpr cases[] = {
        {"application/grpc", ""},
        {"application/grpc+proto", "proto"},
        {"application/grpc+json;charset=utf-8", "json"},
        {"application/grpc+json ; charset=utf-8", "json"},
        {"application/grpc;charset=utf-8", ""},
        {"application/grpc+", ""},
    };
    for (auto const& [value, subtype] : cases) {
        parsed const p = parse(with_value("content-type", value));
        BOOST_TEST(p.verdict.ok(), "refused " << value);
        BOOST_TEST(p.head.content_subtype == subtype);
    }
}

BOOST_AUTO_TEST_CASE(other_content_types_are_refused_with_415) {
    for (std::string const value : {"", "application/json", "application/grp", "application/grpc-web",
                                    "application/grpcx", "application/grpc proto", "xapplication/grpc"})
        check_refused(with_value("content-type", value), 415, "content-type '" + value + "' is not application/grpc");
    check_refused(without("content-type"), 415, "content-type '' is not application/grpc");
}

BOOST_AUTO_TEST_CASE(other_methods_are_refused_with_405) {
    check_refused(with_value(":method", "GET"), 405, "method 'GET' is not POST");
    check_refused(with_value(":method", "POSTS"), 405, "method 'POSTS' is not POST");
    check_refused(with_value(":method", "post"), 405, "method 'post' is not POST");
    check_refused(without(":method"), 405, "method '' is not POST");
}

BOOST_AUTO_TEST_CASE(missing_te_is_refused) {
    check_refused(without("te"), 200, "missing header te: trailers");
    check_refused(with_value("te", "gzip"), 200, "missing header te: trailers");
    check_refused(with_value("te", ""), 200, "missing header te: trailers");
}

BOOST_AUTO_TEST_CASE(malformed_timeout_is_refused) {
    check_refused(with(usual, {{"grpc-timeout", "1s"}}), 200, "malformed value of header 'grpc-timeout': '1s'");
    check_refused(with(usual, {{"grpc-timeout", ""}}), 200, "malformed value of header 'grpc-timeout': ''");
}

BOOST_AUTO_TEST_CASE(malformed_base64_is_refused) {
    check_refused(with(usual, {{"a-bin", "!!!"}, {"b-bin", "Zm9v"}}), 200, "malformed value of header 'a-bin': '!!!'");
    check_refused(with(usual, {{"a-bin", "Zm9v,!"}}), 200, "malformed value of header 'a-bin': 'Zm9v,!'");
}

BOOST_AUTO_TEST_CASE(long_value_is_cut_in_the_message) {
    std::string const at_most(64, 'x');
    check_refused(with_value("content-type", at_most), 415, "content-type '" + at_most + "' is not application/grpc");
    check_refused(with_value("content-type", at_most + "y"), 415,
                  "content-type '" + at_most + "...' is not application/grpc");
}

BOOST_AUTO_TEST_CASE(http_refusals_come_before_those_of_grpc) {
    check_refused({{":method", "GET"}, {"grpc-timeout", "x"}}, 405, "method 'GET' is not POST");
    check_refused({{":method", "POST"}, {"grpc-timeout", "x"}}, 415, "content-type '' is not application/grpc");
    check_refused({}, 405, "method '' is not POST");
}

BOOST_AUTO_TEST_CASE(head_is_overwritten) {
    parsed p = parse(with(usual, {{"grpc-timeout", "1S"}, {"grpc-encoding", "gzip"}}));
    joust::wire::parse_request_head(without(":path"), p.head, p.custom);
    BOOST_TEST(p.head.path == "");
    BOOST_TEST(p.head.encoding == "");
    BOOST_TEST(!p.head.timeout.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
