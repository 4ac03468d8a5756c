//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/envelope.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <string>

BOOST_AUTO_TEST_SUITE(envelope)

namespace {

using joust::buffer;
using joust::game::request_view;
using joust::game::response_view;
using namespace std::string_view_literals;

/// Field 1 "logic", field 2 "get", field 3 "{}", field 4 {"k": "v"}.
constexpr std::string_view request_bytes = "\x0a\x05logic\x12\x03get\x1a\x02{}\x22\x06\x0a\x01k\x12\x01v"sv;

std::string request_error(std::string_view bytes) {
    request_view request;
    return joust::game::decode_request(bytes, request).to_string();
}

std::string response_error(std::string_view bytes) {
    response_view response;
    return joust::game::decode_response(bytes, response).to_string();
}

request_view decoded(std::string_view bytes) {
    request_view request;
    BOOST_TEST(joust::game::decode_request(bytes, request).ok());
    return request;
}

std::string groups(int depth) {
    return std::string(static_cast<std::size_t>(depth), '\x2b') + std::string(static_cast<std::size_t>(depth), '\x2c');
}

} // namespace

BOOST_AUTO_TEST_CASE(request_is_seen_in_place) {
    request_view const request = decoded(request_bytes);
    BOOST_TEST(request.service_name == "logic");
    BOOST_TEST(request.method_name == "get");
    BOOST_TEST(request.payload == "{}");
    BOOST_TEST((request.payload.data() == request_bytes.data() + 14));
    BOOST_TEST(request.metadata.size() == 1u);
    BOOST_TEST(*request.find_metadata("k") == "v");
    BOOST_TEST(!request.find_metadata("v").has_value());
}

BOOST_AUTO_TEST_CASE(request_is_written_in_order_without_defaults) {
    buffer out("before");
    BOOST_TEST(joust::game::encode_request(out, decoded(request_bytes)).ok());
    BOOST_TEST(out.view() == "before" + std::string(request_bytes));
    out.clear();
    BOOST_TEST(joust::game::encode_request(out, {}).ok());
    BOOST_TEST(out.empty());
    BOOST_TEST(joust::game::encode_request(out, {"", "", "", {{"", ""}, {"a", ""}}}).ok());
    BOOST_TEST(out.view() == "\x22\x04\x0a\x00\x12\x00\x22\x05\x0a\x01\x61\x12\x00"sv);
}

BOOST_AUTO_TEST_CASE(response_goes_there_and_back) {
    for (int const code : {0, 1, 127, 128, 504, std::numeric_limits<int>::max(), -1, std::numeric_limits<int>::min()}) {
        buffer out;
        BOOST_TEST(joust::game::encode_response(out, {code, "success", "[1]"}).ok());
        response_view response{.code = 77, .message = "x", .payload = "y"};
        BOOST_TEST(joust::game::decode_response(out.view(), response).ok());
        BOOST_TEST(response.code == code);
        BOOST_TEST(response.message == "success");
        BOOST_TEST(response.payload == "[1]");
    }
    buffer out;
    BOOST_TEST(joust::game::encode_response(out, {-1, "", ""}).ok());
    BOOST_TEST(out.view() == "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv);
    out.clear();
    BOOST_TEST(joust::game::encode_response(out, {0, "", ""}).ok());
    BOOST_TEST(out.empty());
}

BOOST_AUTO_TEST_CASE(empty_bytes_are_an_empty_message_whatever_was_there_before) {
    request_view request = decoded(request_bytes);
    BOOST_TEST(joust::game::decode_request("", request).ok());
    BOOST_TEST(request.service_name.empty());
    BOOST_TEST(request.metadata.empty());
    response_view response{.code = 1, .message = "m", .payload = "p"};
    BOOST_TEST(joust::game::decode_response("", response).ok());
    BOOST_TEST(response.code == 0);
    BOOST_TEST(response.message.empty());
}

BOOST_AUTO_TEST_CASE(last_of_repeated_fields_and_keys_counts) {
    BOOST_TEST(decoded("\x0a\x01"
                       "a"
                       "\x0a\x01"
                       "b"sv)
                   .service_name == "b");
    BOOST_TEST(decoded("\x1a\x01"
                       "a"
                       "\x1a\x00"sv)
                   .payload == "");
    request_view const twice = decoded("\x22\x06\x0a\x01k\x12\x01"
                                       "1"
                                       "\x22\x06\x0a\x01j\x12\x01"
                                       "2"
                                       "\x22\x06\x0a\x01k\x12\x01"
                                       "3"sv);
    BOOST_TEST(twice.metadata.size() == 2u);
    BOOST_TEST(*twice.find_metadata("k") == "3");
    BOOST_TEST(*twice.find_metadata("j") == "2");
    BOOST_TEST(*decoded("\x22\x09\x12\x01"
                        "1"
                        "\x0a\x01k\x12\x01"
                        "2"sv)
                    .find_metadata("k") == "2");
}

BOOST_AUTO_TEST_CASE(many_keys_are_kept_apart) {
    request_view request;
    std::vector<std::string> texts;
    for (int i = 0; i != 200; ++i)
        texts.push_back(std::to_string(i % 70));
    for (std::size_t i = 0; i != texts.size(); ++i)
        request.metadata.emplace_back(texts[i], i >= 130 ? "last" : "earlier");
    buffer out;
    BOOST_TEST(joust::game::encode_request(out, request).ok());
    request_view const read = decoded(out.view());
    BOOST_TEST(read.metadata.size() == 70u);
    BOOST_TEST(
        std::all_of(read.metadata.begin(), read.metadata.end(), [](auto const& e) { return e.second == "last"; }));
}

BOOST_AUTO_TEST_CASE(entries_without_key_or_value_have_empty_ones) {
    BOOST_TEST(*decoded("\x22\x00"sv).find_metadata("") == "");
    BOOST_TEST(*decoded("\x22\x03\x0a\x01k"sv).find_metadata("k") == "");
    BOOST_TEST(*decoded("\x22\x03\x12\x01v"sv).find_metadata("") == "v");
    BOOST_TEST(*decoded("\x22\x08\x18\x07\x0a\x01k\x12\x01v"sv).find_metadata("k") == "v"); // an unknown field first
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_skipped) {
    for (std::string_view const field :
         {"\x28\x96\x01"sv, "\x29\x01\x02\x03\x04\x05\x06\x07\x08"sv, "\x2a\x02xy"sv, "\x2d\x01\x02\x03\x04"sv,
          "\x2b\x2c"sv, "\x2b\x30\x01\x33\x34\x2c"sv, "\xf8\xff\xff\xff\x0f\x01"sv}) {
        BOOST_TEST(decoded(std::string(field) + std::string(request_bytes)).service_name == "logic");
        BOOST_TEST(decoded(std::string(request_bytes) + std::string(field)).payload == "{}");
    }
}

BOOST_AUTO_TEST_CASE(known_field_of_another_wire_type_is_unknown) {
    BOOST_TEST(decoded("\x08\x07\x15\x01\x02\x03\x04\x1b\x1c\x20\x00"sv).metadata.empty());
    response_view response;
    BOOST_TEST(joust::game::decode_response("\x0a\x01x\x10\x05"sv, response).ok());
    BOOST_TEST(response.code == 0);
    BOOST_TEST(response.message.empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_make_no_sense_are_refused_with_place_and_reason) {
    std::string const request = "INTERNAL: game.grpc.RpcRequest: ";
    BOOST_TEST(request_error("\x80"sv) == request + "the bytes end within a tag, at offset 1");
    BOOST_TEST(request_error("\x80\x80\x80\x80\x80\x01"sv) == request + "a tag is longer than 5 bytes, at offset 5");
    BOOST_TEST(request_error("\x02\x00"sv) == request + "a field has the number 0, at offset 1");
    BOOST_TEST(request_error("\x0a\x05"
                             "abc"sv) == request + "a field is longer than the bytes that are left, at offset 2");
    BOOST_TEST(request_error("\x0a\x80"sv) == request + "the bytes end within a varint, at offset 2");
    BOOST_TEST(request_error("\x0a\x80\x80\x80\x80\x80\x00"sv) ==
               request + "a length is longer than 5 bytes, at offset 7");
    BOOST_TEST(request_error("\x28\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv) ==
               request + "a varint is longer than 10 bytes, at offset 11");
    BOOST_TEST(request_error("\x29\x01"sv) == request + "the bytes end within a fixed-size number, at offset 1");
    BOOST_TEST(request_error("\x2d\x01"sv) == request + "the bytes end within a fixed-size number, at offset 1");
    BOOST_TEST(request_error("\x0c"sv) == request + "a group ends that did not begin, at offset 1");
    BOOST_TEST(request_error("\x2b\x34"sv) == request + "a group ends that did not begin, at offset 2");
    BOOST_TEST(request_error("\x2b"sv) == request + "the bytes end within a tag, at offset 1");
    BOOST_TEST(request_error("\x0e"sv) == request + "a field has an unknown wire type, at offset 1");
    BOOST_TEST(request_error(groups(100)) == "OK");
    BOOST_TEST(request_error(groups(101)) == request + "groups are nested deeper than 100 levels, at offset 101");
    BOOST_TEST(request_error("\x22\x02\x0a\x05"sv) ==
               "INTERNAL: game.grpc.RpcRequest.metadata: a field is longer than the bytes that are left, at offset 2");
    BOOST_TEST(response_error("\x08"sv) ==
               "INTERNAL: game.grpc.RpcResponse: the bytes end within a varint, at offset 1");
}

BOOST_AUTO_TEST_CASE(texts_must_be_utf8_and_payloads_need_not) {
    BOOST_TEST(request_error("\x0a\x01\xff"sv) ==
               "INTERNAL: game.grpc.RpcRequest: service_name is not UTF-8, at offset 3");
    BOOST_TEST(request_error("\x12\x01\xff"sv) ==
               "INTERNAL: game.grpc.RpcRequest: method_name is not UTF-8, at offset 3");
    BOOST_TEST(request_error("\x22\x03\x0a\x01\xff"sv) ==
               "INTERNAL: game.grpc.RpcRequest.metadata: a key is not UTF-8, at offset 3");
    BOOST_TEST(request_error("\x22\x03\x12\x01\xff"sv) ==
               "INTERNAL: game.grpc.RpcRequest.metadata: a value is not UTF-8, at offset 3");
    BOOST_TEST(request_error("\x1a\x01\xff"sv) == "OK");
    BOOST_TEST(response_error("\x12\x01\xff"sv) ==
               "INTERNAL: game.grpc.RpcResponse: message is not UTF-8, at offset 3");

    buffer out("before");
    using joust::game::encode_request;
    BOOST_TEST(encode_request(out, {"\xff", "", "", {}}).to_string() ==
               "INTERNAL: game.grpc.RpcRequest: service_name is not UTF-8");
    BOOST_TEST(encode_request(out, {"", "\xff", "", {}}).to_string() ==
               "INTERNAL: game.grpc.RpcRequest: method_name is not UTF-8");
    BOOST_TEST(encode_request(out, {"", "", "", {{"k", "\xff"}}}).to_string() ==
               "INTERNAL: game.grpc.RpcRequest: metadata is not UTF-8");
    BOOST_TEST(joust::game::encode_response(out, {0, "\xff", ""}).to_string() ==
               "INTERNAL: game.grpc.RpcResponse: message is not UTF-8");
    BOOST_TEST(out.view() == "before");
}

BOOST_AUTO_TEST_CASE(request_cut_anywhere_is_refused_unless_a_field_ends_there) {
    for (std::size_t cut = 0; cut != request_bytes.size(); ++cut) {
        bool const field_ends = cut == 0 || cut == 7 || cut == 12 || cut == 16;
        BOOST_TEST((request_error(request_bytes.substr(0, cut)) == "OK") == field_ends, "cut at " << cut);
    }
}

BOOST_AUTO_TEST_SUITE_END()
