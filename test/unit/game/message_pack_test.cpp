//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/message_pack.hpp"

#include "joust/game/payload.hpp"
#include "json_samples.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(message_pack)

namespace {

using namespace std::string_literals;
using joust::game::payload;

joust::game::any_codec const pack = joust::game::message_pack();

/// MessagePack as JSON text; or the error.
std::string read(std::string_view bytes, std::size_t max_depth = 64) {
    joust::buffer text;
    joust::status const failed = joust::game::detail::payload_to_json(*pack, bytes, text, {.max_depth = max_depth});
    return failed.ok() ? std::string(text.view()) : failed.to_string();
}

/// JSON text as MessagePack.
std::string written(std::string_view text) {
    joust::buffer bytes;
    joust::status const failed = joust::game::detail::encode_payload_with(*pack, text, bytes);
    return failed.ok() ? std::string(bytes.view()) : failed.to_string();
}

std::string refused(std::string_view what) {
    return "INVALID_ARGUMENT: invalid MessagePack at offset " + std::string(what);
}

std::string items(std::size_t n, std::string_view item) {
    std::string all;
    for (std::size_t i = 0; i != n; ++i)
        all += item;
    return all;
}

std::string json_list(std::size_t n) {
    std::string text = "[" + items(n, "1,");
    text.back() = ']';
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(values_go_there_and_back_in_the_shortest_form) {
    std::pair<std::string, std::string> const samples[] = {
        {"null", "\xc0"s},
        {"false", "\xc2"s},
        {"true", "\xc3"s},
        {"0", "\x00"s},
        {"127", "\x7f"s},
        {"128", "\xcc\x80"s},
        {"255", "\xcc\xff"s},
        {"256", "\xcd\x01\x00"s},
        {"65535", "\xcd\xff\xff"s},
        {"65536", "\xce\x00\x01\x00\x00"s},
        {"4294967295", "\xce\xff\xff\xff\xff"s},
        {"4294967296", "\xcf\x00\x00\x00\x01\x00\x00\x00\x00"s},
        {"9223372036854775807", "\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"s},
        {"9223372036854775808", "\xcf\x80\x00\x00\x00\x00\x00\x00\x00"s},
        {"18446744073709551615", "\xcf\xff\xff\xff\xff\xff\xff\xff\xff"s},
        {"-1", "\xff"s},
        {"-32", "\xe0"s},
        {"-33", "\xd0\xdf"s},
        {"-128", "\xd0\x80"s},
        {"-129", "\xd1\xff\x7f"s},
        {"-32768", "\xd1\x80\x00"s},
        {"-32769", "\xd2\xff\xff\x7f\xff"s},
        {"-2147483648", "\xd2\x80\x00\x00\x00"s},
        {"-2147483649", "\xd3\xff\xff\xff\xff\x7f\xff\xff\xff"s},
        {"-9223372036854775808", "\xd3\x80\x00\x00\x00\x00\x00\x00\x00"s},
        {"10.0", "\xcb\x40\x24\x00\x00\x00\x00\x00\x00"s},
        {"-0.0", "\xcb\x80\x00\x00\x00\x00\x00\x00\x00"s},
        {"0.1", "\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a"s},
        {"5e-324", "\xcb\x00\x00\x00\x00\x00\x00\x00\x01"s},
        {"1.7976931348623157e+308", "\xcb\x7f\xef\xff\xff\xff\xff\xff\xff"s},
        {"\"\"", "\xa0"s},
        {"\"p\u00e4\"", "\xa3p\xc3\xa4"s},
        {'"' + items(31, "x") + '"', "\xbf" + items(31, "x")},
        {'"' + items(32, "x") + '"', "\xd9\x20" + items(32, "x")},
        {'"' + items(255, "x") + '"', "\xd9\xff" + items(255, "x")},
        {'"' + items(256, "x") + '"', "\xda\x01\x00"s + items(256, "x")},
        {'"' + items(65536, "x") + '"', "\xdb\x00\x01\x00\x00"s + items(65536, "x")},
        {"[]", "\x90"s},
        {json_list(15), "\x9f" + items(15, "\x01")},
        {json_list(16), "\xdc\x00\x10"s + items(16, "\x01")},
        {json_list(65536), "\xdd\x00\x01\x00\x00"s + items(65536, "\x01")},
        {"{}", "\x80"s},
        {R"({"a":[{"b":null}]})", "\x81\xa1"
                                  "a\x91\x81\xa1"
                                  "b\xc0"s},
    };
    for (auto const& [text, bytes] : samples)
        BOOST_TEST_CONTEXT(text.substr(0, 40)) {
            BOOST_TEST((written(text) == bytes));
            BOOST_TEST((read(bytes) == text));
        }
}

BOOST_AUTO_TEST_CASE(objects_of_many_members_go_there_and_back) {
    for (std::size_t const n : {std::size_t{15}, std::size_t{16}, std::size_t{65536}}) {
        std::string text = "{";
        for (std::size_t i = 0; i != n; ++i)
            text += "\"" + std::to_string(i) + "\":" + std::to_string(i) + ",";
        text.back() = '}';
        std::string const bytes = written(text);
        BOOST_TEST((read(bytes) == text));
        BOOST_TEST(static_cast<unsigned char>(bytes[0]) == (n == 15 ? 0x8f : n == 16 ? 0xde : 0xdf));
    }
}

BOOST_AUTO_TEST_CASE(longer_forms_and_small_floats_are_read_too) {
    BOOST_TEST(read("\xcc\x01"s) == "1");
    BOOST_TEST(read("\xcf\x00\x00\x00\x00\x00\x00\x00\x01"s) == "1");
    BOOST_TEST(read("\xd3\x00\x00\x00\x00\x00\x00\x00\x01"s) == "1");
    BOOST_TEST(read("\xd0\xff"s) == "-1");
    BOOST_TEST(read("\xd1\xff\xff"s) == "-1");
    BOOST_TEST(read("\xd2\xff\xff\xff\xff"s) == "-1");
    BOOST_TEST(read("\xd9\x01x"s) == "\"x\"");
    BOOST_TEST(read("\xdb\x00\x00\x00\x01x"s) == "\"x\"");
    BOOST_TEST(read("\xdc\x00\x01\xc0"s) == "[null]");
    BOOST_TEST(read("\xdd\x00\x00\x00\x00"s) == "[]");
    BOOST_TEST(read("\xde\x00\x01\xa1k\xc0"s) == R"({"k":null})");
    BOOST_TEST(read("\xdf\x00\x00\x00\x01\xa1k\xc0"s) == R"({"k":null})");
    BOOST_TEST(read("\xca\x3f\xc0\x00\x00"s) == "1.5");
}

BOOST_AUTO_TEST_CASE(numbers_that_json_has_not_are_null) {
    BOOST_TEST(read("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"s) == "null");
    BOOST_TEST(read("\xcb\xff\xf0\x00\x00\x00\x00\x00\x00"s) == "null");
    BOOST_TEST(read("\xca\x7f\x80\x00\x00"s) == "null");
}

BOOST_AUTO_TEST_CASE(what_json_has_not_is_refused_by_name_and_place) {
    BOOST_TEST(read("\x92\x01\xc4\x01x"s) == refused("2: binary data, which JSON has not"));
    BOOST_TEST(read("\xc6\x00\x00\x00\x01x"s) == refused("0: binary data, which JSON has not"));
    for (char const* const tag : {"\xc7", "\xc8", "\xc9", "\xd4", "\xd5", "\xd6", "\xd7", "\xd8"})
        BOOST_TEST(read(tag) == refused("0: an extension, which JSON has not"));
    BOOST_TEST(read("\xc1") == refused("0: no value begins with 0xc1"));
    BOOST_TEST(read("\x81\x01\xc0"s) == refused("1: a key that is no string"));
    BOOST_TEST(read("\x81\xc0\xc0"s) == refused("1: a key that is no string"));
    BOOST_TEST(read("\xa1\xff") == refused("0: a string that is not UTF-8"));
    BOOST_TEST(read("\x81\xa1\xff\xc0") == refused("1: a key that is not UTF-8"));
    BOOST_TEST(read("\x01\x02") == refused("1: there is something behind the value"));
    BOOST_TEST(read("") == refused("0: the data ends, wanted a value"));
    // What a peer sends that takes the one for the other.
    BOOST_TEST(read("{}") == refused("1: there is something behind the value"));
}

BOOST_AUTO_TEST_CASE(duplicate_keys_are_refused_by_whoever_reads_them) {
    std::string const twice = "\x82\xa1k\x01\xa1k\x02"s;
    boost::json::value any;
    BOOST_TEST(payload<boost::json::value>::decode(any, twice, pack.get(), {}).to_string() ==
               "INVALID_ARGUMENT: duplicate key \"k\"");
}

BOOST_AUTO_TEST_CASE(data_that_is_cut_anywhere_is_refused) {
    joust::buffer whole;
    BOOST_TEST_REQUIRE(payload<joust::test::player>::encode(whole, joust::test::sample_player(), pack.get(), {}).ok());
    for (std::size_t size = 0; size != whole.size(); ++size)
        BOOST_TEST_CONTEXT("cut at " << size) {
            std::string const outcome = read(whole.view().substr(0, size));
            BOOST_TEST(outcome.starts_with("INVALID_ARGUMENT: invalid MessagePack at offset "));
            BOOST_TEST(outcome.find("the data ends") != std::string::npos);
        }
    joust::test::player back;
    BOOST_TEST(payload<joust::test::player>::decode(back, whole.view(), pack.get(), {}).ok());
    BOOST_TEST((back == joust::test::sample_player()));
}

BOOST_AUTO_TEST_CASE(depth_is_that_of_the_options) {
    std::string const deep = items(65, "\x91") + "\xc0";
    BOOST_TEST(read(deep) == refused("65: nested deeper than 64"));
    BOOST_TEST(read(deep, 65) == items(65, "[") + "null" + items(65, "]"));
    BOOST_TEST(read(items(1'000'000, "\x91"), 1000).ends_with("nested deeper than 1000"));
    BOOST_TEST(read(items(1'000'000, "\x81\xa1k"), 1000).ends_with("nested deeper than 1000"));
}

BOOST_AUTO_TEST_CASE(structs_are_as_json_has_them) {
    joust::buffer bytes;
    joust::test::item const lance{"lance", 2};
    BOOST_TEST(payload<joust::test::item>::encode(bytes, lance, pack.get(), {}).ok());
    BOOST_TEST((bytes.view() == "\x82\xa4name\xa5lance\xa5"
                                "count\x02"));
    joust::test::item back;
    BOOST_TEST(payload<joust::test::item>::decode(back, "\x81\xa4name\x07", pack.get(), {}).to_string() ==
               "INVALID_ARGUMENT: name: wanted a string, found an integer");
    BOOST_TEST(payload<joust::test::item>::decode(back, "\x80", pack.get(), {}).to_string() ==
               "INVALID_ARGUMENT: missing field \"name\"");
}

BOOST_AUTO_TEST_CASE(texts_are_taken_as_they_are_and_given_back_as_text) {
    joust::buffer bytes;
    joust::game::raw_json const text(R"( {"a" : 1.50} )");
    BOOST_TEST(payload<joust::game::raw_json>::encode(bytes, text, pack.get(), {}).ok());
    joust::game::raw_json back;
    BOOST_TEST(payload<joust::game::raw_json>::decode(back, bytes.view(), pack.get(), {}).ok());
    BOOST_TEST(back.text == R"({"a":1.5})");
    BOOST_TEST(payload<joust::game::raw_json>::decode(back, "", pack.get(), {}).ok());
    BOOST_TEST(back.text == "null");
    bytes.clear();
    BOOST_TEST(payload<joust::game::raw_json>::encode(bytes, joust::game::raw_json(), pack.get(), {}).ok());
    BOOST_TEST(bytes.empty());
    BOOST_TEST(!payload<joust::game::raw_json>::encode(bytes, joust::game::raw_json("{"), pack.get(), {}).ok());
    BOOST_TEST(bytes.empty());
}

BOOST_AUTO_TEST_SUITE_END()
