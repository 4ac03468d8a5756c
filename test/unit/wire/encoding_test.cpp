//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/encoding.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using namespace std::string_literals;
using joust::wire::base64_decode;
using joust::wire::base64_encode;
using joust::wire::percent_decode;
using joust::wire::percent_encode;

namespace {

std::string percent(std::string_view text) {
    std::string out;
    percent_encode(text, out);
    return out;
}

std::string base64(std::string_view bytes) {
    std::string out;
    base64_encode(bytes, out);
    return out;
}

std::string random_bytes(std::size_t size, std::mt19937& random) {
    std::string bytes(size, '\0');
    for (char& c : bytes)
        c = static_cast<char>(random() & 0xff);
    return bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(percent_encoding)

BOOST_AUTO_TEST_CASE(known_texts_are_encoded_and_decoded) {
    std::pair<std::string, std::string> const cases[] = {
        {"", ""},
        {"plain text, ~!", "plain text, ~!"},
        {" ", "%20"},
        {"  a b  ", "%20 a b %20"},
        {"100%", "100%25"},
        {"a\nb", "a%0Ab"},
        {"\x7f", "%7F"},
        {"\0"s, "%00"},
        {"\xc3\xa4\xe2\x82\xac", "%C3%A4%E2%82%AC"},
    };
    for (auto const& [text, encoded] : cases) {
        BOOST_TEST(percent(text) == encoded);
        BOOST_TEST(percent_decode(encoded) == text);
    }
}

BOOST_AUTO_TEST_CASE(encoding_appends) {
    std::string out = "before ";
    percent_encode("\t", out);
    BOOST_TEST(out == "before %09");
}

BOOST_AUTO_TEST_CASE(lower_case_escape_is_decoded) {
    BOOST_TEST(percent_decode("%c3%A4%0a") == "\xc3\xa4\n");
}

BOOST_AUTO_TEST_CASE(wrong_escape_is_kept_as_it_stands) {
    for (std::string const text : {"%", "100%", "%4", "a%4", "%zz", "%4z", "%z4", "%%", "% 41", "%+1"})
        BOOST_TEST(percent_decode(text) == text);
    BOOST_TEST(percent_decode("%%41") == "%A");
    BOOST_TEST(percent_decode("%4%41") == "%4A");
}

BOOST_AUTO_TEST_CASE(raw_bytes_pass_the_decoder) {
    BOOST_TEST(percent_decode("\xff\n\0x"s) == "\xff\n\0x"s);
}

BOOST_AUTO_TEST_CASE(every_byte_comes_back) {
    std::string all;
    for (int c = 0; c < 256; ++c)
        all.push_back(static_cast<char>(c));
    BOOST_TEST(percent_decode(percent(all)) == all);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(base64_encoding)

BOOST_AUTO_TEST_CASE(vectors_of_rfc_4648_are_encoded_unpadded_and_decoded_either_way) {
    struct {
        std::string_view bytes, unpadded, padded;
    } constexpr cases[] = {
        {"", "", ""},
        {"f", "Zg", "Zg=="},
        {"fo", "Zm8", "Zm8="},
        {"foo", "Zm9v", "Zm9v"},
        {"foob", "Zm9vYg", "Zm9vYg=="},
        {"fooba", "Zm9vYmE", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+", "+//+"},
    };
    for (auto const& [bytes, unpadded, padded] : cases) {
        BOOST_TEST(base64(bytes) == unpadded);
        for (std::string_view const text : {unpadded, padded}) {
            std::string out;
            BOOST_TEST(base64_decode(text, out), "refused " << text);
            BOOST_TEST(out == bytes);
        }
    }
}

BOOST_AUTO_TEST_CASE(both_directions_append) {
    std::string out = "a:";
    base64_encode("foo", out);
    BOOST_TEST(out == "a:Zm9v");
    BOOST_TEST(base64_decode("YmFy", out));
    BOOST_TEST(out == "a:Zm9vbar");
}

BOOST_AUTO_TEST_CASE(malformed_is_refused_and_leaves_the_output_alone) {
    for (std::string const text : {"Z",
                                   "Zm9vY",
                                   "=",
                                   "==",
                                   "===",
                                   "====",
                                   "Zg=",
                                   "Zg===",
                                   "Z===",
                                   "Zm8==",
                                   "Zm9v=",
                                   "Zm9v====",
                                   "Zg==Zg==",
                                   "=Zg=",
                                   "Z=g=",
                                   "Zm 9",
                                   "Zm9v\n",
                                   "Zm-_",
                                   "Zm9,",
                                   "Zm\xff"
                                   "v"}) {
        std::string out = "before";
        BOOST_TEST(!base64_decode(text, out), "accepted " << text);
        BOOST_TEST(out == "before");
    }
}

BOOST_AUTO_TEST_CASE(every_byte_that_is_no_letter_is_refused_at_every_place) {
    for (int c = 0; c < 256; ++c) {
        bool const letter =
            (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
        for (std::size_t at = 0; at < 6; ++at) {
            std::string text = "AAAAAA";
            text[at] = static_cast<char>(c);
            std::string out;
            BOOST_TEST(base64_decode(text, out) == letter, "byte " << c << " at " << at);
        }
    }
}

BOOST_AUTO_TEST_CASE(bits_behind_the_last_byte_are_ignored) {
    std::string out;
    BOOST_TEST(base64_decode("Zh", out));
    BOOST_TEST(base64_decode("Zm+", out));
    BOOST_TEST(out == "ffo");
}

BOOST_AUTO_TEST_CASE(bytes_of_any_length_come_back) {
    std::mt19937 random(1);
    for (std::size_t size = 0; size < 200; ++size) {
        std::string const bytes = random_bytes(size, random);
        std::string padded = base64(bytes);
        std::string out;
        BOOST_TEST(base64_decode(padded, out));
        padded.resize((padded.size() + 3) / 4 * 4, '=');
        BOOST_TEST(base64_decode(padded, out));
        BOOST_TEST((out == bytes + bytes));
    }
}

BOOST_AUTO_TEST_SUITE_END()
