//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "json_samples.hpp"

#include "game/json/diagnose.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <iterator>
#include <random>

// What is JSON and what is not, whatever type is wanted.

BOOST_AUTO_TEST_SUITE(json_text)

namespace {

using joust::json::decode_options;
using joust::json::diagnose;
using joust::json::parser;
using joust::test::decode_error;

struct bad_text {
    std::string_view text;
    std::string_view error;
};

using namespace std::string_view_literals;

constexpr bad_text bad_texts[] = {
    {"", "offset 0: the text ends, wanted a value"},
    {" \n", "offset 2: the text ends, wanted a value"},
    {"\xef\xbb\xbf{}", "offset 0: a byte order mark"},
    {"\xef\xbb\xbf", "offset 0: a byte order mark"},
    {"nul", "offset 0: found \"nul\", wanted a value"},
    {"nullx", "offset 0: found \"nullx\", wanted a value"},
    {"True", "offset 0: found \"True\", wanted a value"},
    {"NaN", "offset 0: found \"NaN\", wanted a value"},
    {"[NaN]", "offset 1: found \"NaN\", wanted a value"},
    {"[Infinity]", "offset 1: found \"Infinity\", wanted a value"},
    {"[-Infinity]", "offset 1: bad number \"-Infinity\""},
    {"'a'", "offset 0: found \"'\", wanted a value"},
    {"[1,]", "offset 3: found \"]\", wanted a value"},
    {"[1 2]", "offset 3: found \"2\", wanted ',' or ']'"},
    {"[1}", "offset 2: found \"}\", wanted ',' or ']'"},
    {"{\"a\":1]", "offset 6: found \"]\", wanted ',' or '}'"},
    {"{\"a\" 1}", "offset 5: found \"1\", wanted ':'"},
    {"{\"a\":}", "offset 5: found \"}\", wanted a value"},
    {"{\"a\":1,}", "offset 7: found \"}\", wanted a key in double quotes"},
    {"{a:1}", "offset 1: found \"a\", wanted a key in double quotes"},
    {"{1:1}", "offset 1: found \"1\", wanted a key in double quotes"},
    {"{} {}", "offset 3: found \"{\", wanted the end of the text"},
    {"1 x", "offset 2: found \"x\", wanted the end of the text"},
    {"[]]", "offset 2: found \"]\", wanted the end of the text"},
    {"1\0"sv, "offset 1: found \"\\u0000\", wanted the end of the text"},
    {"[1]\0"sv, "offset 3: found \"\\u0000\", wanted the end of the text"},
    {"[\0]"sv, "offset 1: found \"\\u0000\", wanted a value"},
    {"/* c */ 1", "offset 0: found \"/\", wanted a value"},
    {"[1] // c", "offset 4: found \"/\", wanted the end of the text"},
    {"\xa0", "offset 0: found \"\\xa0\", wanted a value"},
    {"\u00a0[]", "offset 0: found \"\u00a0\", wanted a value"},
    // Numbers
    {"01", "offset 0: bad number \"01\""},
    {"-", "offset 0: bad number \"-\""},
    {"[-]", "offset 1: bad number \"-\""},
    {"+1", "offset 0: found \"+1\", wanted a value"},
    {".5", "offset 0: found \".5\", wanted a value"},
    {"[5.]", "offset 1: bad number \"5.\""},
    {"1e", "offset 0: bad number \"1e\""},
    {"1e+", "offset 0: bad number \"1e+\""},
    {"0x10", "offset 0: bad number \"0x10\""},
    {"1_000", "offset 0: bad number \"1_000\""},
    {"[1.5.5]", "offset 1: bad number \"1.5.5\""},
    {"18446744073709551616", "offset 0: integer \"18446744073709551616\" does not fit in 64 bits"},
    {"[-9223372036854775809]", "offset 1: integer \"-9223372036854775809\" does not fit in 64 bits"},
    {"1e999", "offset 0: number \"1e999\" is beyond the range of a double"},
    {"{\"a\":-1.8e308}", "offset 5: number \"-1.8e308\" is beyond the range of a double"},
    {"[0.001e99999999999999999999]", "offset 1: number \"0.001e99999999999999999999\" is beyond the range of a double"},
    // Strings
    {"\"abc", "offset 4: the text ends within the string that begins at offset 0"},
    {"\"abc\\\"", "offset 6: the text ends within the string that begins at offset 0"},
    {"\"abc\\", "offset 5: the text ends within an escape sequence"},
    {"\"a\nb\"", "offset 2: control character \"\\u000a\" in a string, unescaped"},
    {"\"a\0b\""sv, "offset 2: control character \"\\u0000\" in a string, unescaped"},
    {"\"\\x41\"", "offset 1: unknown escape sequence \"\\x\""},
    {"\"\\u12g4\"", "offset 1: bad escape sequence \"\\u12g4\""},
    {"\"\\u12\"", "offset 1: bad escape sequence \"\\u12\\\"\""},
    {"\"\\u+123\"", "offset 1: bad escape sequence \"\\u+123\""},
    {"\"\\ud800\"", "offset 1: unpaired surrogate \"\\ud800\""},
    {"\"\\udc00\"", "offset 1: unpaired surrogate \"\\udc00\""},
    {"\"\\ud800\\ud800\"", "offset 1: unpaired surrogate \"\\ud800\""},
    {"\"\\ud800x\"", "offset 1: unpaired surrogate \"\\ud800\""},
    {"\"\\ud83d\\n\"", "offset 1: unpaired surrogate \"\\ud83d\""},
    {"{\"\\ud800\":1}", "offset 2: unpaired surrogate \"\\ud800\""},
    // UTF-8
    {"\"\x80\"", "offset 1: invalid UTF-8"},
    {"\"\xc0\xaf\"", "offset 1: invalid UTF-8"},
    {"\"a\xc3\"", "offset 2: invalid UTF-8"},
    {"\"\xed\xa0\x80\"", "offset 1: invalid UTF-8"},
    {"\"\xe0\x80\x80\"", "offset 1: invalid UTF-8"},
    {"\"\xf0\x8f\xbf\xbf\"", "offset 1: invalid UTF-8"},
    {"\"\xf4\x90\x80\x80\"", "offset 1: invalid UTF-8"},
    {"\"\xf8\x88\x80\x80\x80\"", "offset 1: invalid UTF-8"},
    {"{\"\xff\":1}", "offset 2: invalid UTF-8"},
    {"\"\xe2\x82", "offset 1: invalid UTF-8"},
};

constexpr std::string_view good_texts[] = {"0",
                                           "-0",
                                           "-0.0",
                                           "0e999999999999",
                                           "1e-999",
                                           "0.000e500",
                                           " [ ] ",
                                           "{ }",
                                           "[[[[]]]]",
                                           R"({"":""})",
                                           R"(["\u0000\uFFFF\ud800\udc00\uDBFF\uDFFF"])",
                                           "[1,\t2,\n3,\r4 ]",
                                           "\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"",
                                           "\"\x7f\"",
                                           "18446744073709551615",
                                           "-9223372036854775808",
                                           "1.7976931348623157e308",
                                           "123456789012345678901234567890.5",
                                           "0.0000000000000000000000000000000000000000000000000001e52",
                                           R"({"a":1,"a":2})"};

std::string nested(std::size_t depth, std::string_view inside = "1") {
    return std::string(depth, '[') + std::string(inside) + std::string(depth, ']');
}

/// What the parser and the diagnosis think of a text, which is the same.
bool is_json(parser& with, std::string_view text) {
    bool const parsed = with.parse(text).has_value();
    BOOST_TEST(parsed == diagnose(text, decode_options().max_depth).empty(), "they differ about " << text);
    return parsed;
}

} // namespace

BOOST_AUTO_TEST_CASE(bad_text_is_refused_with_place_and_reason) {
    for (bad_text const& bad : bad_texts) {
        std::string const expected = "invalid JSON at " + std::string(bad.error);
        BOOST_TEST(decode_error<boost::json::value>(bad.text) == expected);
        BOOST_TEST(decode_error<joust::test::item>(bad.text) == expected);
    }
}

BOOST_AUTO_TEST_CASE(good_text_is_taken) {
    parser with;
    for (std::string_view const text : good_texts)
        BOOST_TEST(is_json(with, text), text);
}

BOOST_AUTO_TEST_CASE(text_cut_anywhere_is_refused_at_the_cut) {
    for (std::size_t cut = 0; cut != joust::test::player_text.size(); ++cut) {
        std::string_view const text = joust::test::player_text.substr(0, cut);
        std::string const error = decode_error<joust::test::player>(text);
        BOOST_TEST(error.starts_with("invalid JSON at offset "), error << " for " << text);
        BOOST_TEST(error == decode_error<boost::json::value>(text));
    }
}

BOOST_AUTO_TEST_CASE(text_changed_anywhere_is_refused_or_taken_but_the_same_by_both_readers) {
    parser with;
    for (std::size_t at = 0; at != joust::test::player_text.size(); ++at) {
        for (char const c : "\"\\{}[],: 09-.eEu\n\x80\xc3\xff"sv) {
            std::string text(joust::test::player_text);
            text[at] = c;
            is_json(with, text);
            text.insert(at, 1, c);
            is_json(with, text);
        }
    }
}

BOOST_AUTO_TEST_CASE(random_text_is_refused_or_taken_but_the_same_by_both_readers) {
    constexpr std::string_view pieces[] = {"{",           "}",  "[",    "]",     ",",    ":",    "\"a\"",
                                           "\"\\u00e4\"", "1",  "-2.5", "1e9",   "true", "null", " ",
                                           "\"",          "\\", "0",    "1e400", "\xc3", "\xa4", "\\ud800"};
    std::mt19937 random(7);
    parser with;
    int taken = 0;
    for (int i = 0; i != 20'000; ++i) {
        std::string text;
        for (auto n = random() % 9; n != 0; --n)
            text += pieces[random() % std::size(pieces)];
        taken += is_json(with, text);
    }
    BOOST_TEST(taken > 100);
}

BOOST_AUTO_TEST_CASE(nesting_ends_at_the_limit) {
    parser with;
    BOOST_TEST(is_json(with, nested(64)));
    BOOST_TEST(!is_json(with, nested(65)));
    BOOST_TEST(is_json(with, nested(64, "[]"))); // what holds nothing does not count
    BOOST_TEST(decode_error<boost::json::value>(nested(65)) ==
               "invalid JSON at offset 64: nested deeper than 64 levels");
    BOOST_TEST(decode_error<boost::json::value>(std::string(100'000, '[')) ==
               "invalid JSON at offset 64: nested deeper than 64 levels");
    BOOST_TEST(decode_error<joust::test::item>(R"({"name":"n","x":[[]]})", {.max_depth = 1}) ==
               "invalid JSON at offset 16: nested deeper than 1 levels");
    BOOST_TEST(joust::json::decode<boost::json::value>(nested(1000), {.max_depth = 1000}).has_value());
    BOOST_TEST(joust::json::decode<boost::json::value>(nested(1001), {.max_depth = 5000}).has_error());
}

BOOST_AUTO_TEST_CASE(depth_can_change_from_text_to_text) {
    parser with;
    for (std::size_t const depth : {3u, 200u, 5u, 1u, 64u}) {
        BOOST_TEST(with.parse(nested(depth), {.max_depth = depth}).has_value());
        BOOST_TEST(with.parse(nested(depth + 1), {.max_depth = depth}).has_error());
    }
}

BOOST_AUTO_TEST_CASE(first_text_of_a_parser_may_be_empty) {
    BOOST_TEST(parser().parse("").error().to_string() ==
               "INVALID_ARGUMENT: invalid JSON at offset 0: the text ends, wanted a value");
}

BOOST_AUTO_TEST_CASE(text_of_any_length_fits) {
    parser with;
    for (std::size_t const size : {1u, 1000u, 1024u, 1025u, 70'000u, 3u, 300'000u, 65'536u}) {
        std::string const text = "\"" + std::string(size, 'a') + "\"";
        std::string_view read;
        BOOST_TEST((*with.parse(text)).get_string(read));
        BOOST_TEST(read.size() == size);
    }
    std::string many = "[";
    for (int i = 0; i != 50'000; ++i)
        many += "1,";
    many.back() = ']';
    BOOST_TEST(joust::json::decode<std::vector<int>>(many)->size() == 50'000u);
}

BOOST_AUTO_TEST_SUITE_END()
