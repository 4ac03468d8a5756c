//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/metadata.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using joust::metadata;
using joust::validate;

namespace {

std::string text_of(metadata const& m) {
    std::string text;
    for (auto const& [key, value] : m)
        text.append(key).append("=").append(value).append(";");
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(metadata_)

BOOST_AUTO_TEST_CASE(default_constructed_is_empty) {
    metadata const m;
    BOOST_TEST(m.empty());
    BOOST_TEST(m.size() == 0u);
    BOOST_TEST((m.begin() == m.end()));
    BOOST_TEST(!m.get("a").has_value());
    BOOST_TEST(m.get_all("a").empty());
}

BOOST_AUTO_TEST_CASE(pairs_keep_their_order_and_may_repeat) {
    metadata m{{"b", "1"}, {"a", "2"}};
    m.add("b", "3");
    m.add("a", "");
    BOOST_TEST(text_of(m) == "b=1;a=2;b=3;a=;");
    BOOST_TEST(m.size() == 4u);
    BOOST_TEST(m.get("b").value() == "1");
    BOOST_TEST((m.get_all("b") == std::vector<std::string_view>{"1", "3"}));
    BOOST_TEST(m.contains("a"));
    BOOST_TEST(!m.contains("c"));
    BOOST_TEST(m[2].first == "b");
    BOOST_TEST(m[2].second == "3");
}

BOOST_AUTO_TEST_CASE(keys_are_lowered_and_found_in_any_case) {
    metadata const m{{"X-Request-ID", "Value"}};
    BOOST_TEST(m[0].first == "x-request-id");
    BOOST_TEST(m[0].second == "Value");
    BOOST_TEST(m.contains("x-request-id"));
    BOOST_TEST(m.contains("X-REQUEST-ID"));
}

BOOST_AUTO_TEST_CASE(only_ascii_capitals_are_lowered_at_every_place_of_a_key) {
    std::string key, expected;
    for (int c = 0; c < 256; ++c) {
        key.push_back(static_cast<char>(c));
        expected.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c));
    }
    for (std::size_t begin = 0; begin < 16; ++begin) {
        metadata m;
        m.add(std::string_view(key).substr(begin), "");
        BOOST_TEST((m[0].first == std::string_view(expected).substr(begin)), "from " << begin);
    }
}

BOOST_AUTO_TEST_CASE(values_of_one_key_in_a_row_share_its_text) {
    metadata m{{"a", "1"}, {"Key", "2"}, {"kEY", "3"}, {"key", ""}, {"b", "4"}, {"key", "5"}};
    BOOST_TEST(text_of(m) == "a=1;key=2;key=3;key=;b=4;key=5;");
    BOOST_TEST((m[1].first.data() == m[2].first.data()));
    BOOST_TEST((m[1].first.data() == m[3].first.data()));
    BOOST_TEST(m.erase("b") == 1u);
    BOOST_TEST(text_of(m) == "a=1;key=2;key=3;key=;key=5;");
    BOOST_TEST(m.erase("a") == 1u);
    BOOST_TEST(text_of(m) == "key=2;key=3;key=;key=5;");
}

BOOST_AUTO_TEST_CASE(set_replaces_all_values) {
    metadata m{{"a", "1"}, {"b", "2"}, {"a", "3"}};
    m.set("A", "4");
    BOOST_TEST(text_of(m) == "b=2;a=4;");
    m.set("c", "5");
    BOOST_TEST(text_of(m) == "b=2;a=4;c=5;");
}

BOOST_AUTO_TEST_CASE(erase_removes_all_values_and_counts_them) {
    metadata m{{"a", "1"}, {"bb", "22"}, {"a", "3"}, {"ccc", "333"}};
    BOOST_TEST(m.erase("x") == 0u);
    BOOST_TEST(m.erase("A") == 2u);
    BOOST_TEST(text_of(m) == "bb=22;ccc=333;");
    BOOST_TEST(m.erase("bb") == 1u);
    m.add("d", "4");
    BOOST_TEST(text_of(m) == "ccc=333;d=4;");
}

BOOST_AUTO_TEST_CASE(setting_again_and_again_leaves_only_the_last_value) {
    metadata m{{"first", "1"}, {"last", "2"}};
    for (int i = 0; i < 1000; ++i)
        m.set("stamp", std::to_string(i));
    BOOST_TEST(text_of(m) == "first=1;last=2;stamp=999;");
}

BOOST_AUTO_TEST_CASE(own_text_may_be_added_set_and_erased) {
    std::string const long_value(500, 'v');
    metadata m{{"a", long_value}, {"b", "2"}};
    for (int i = 0; i < 10; ++i)
        m.add(m[1].first, m[0].second);
    BOOST_TEST(m.size() == 12u);
    for (std::size_t i = 2; i < m.size(); ++i)
        BOOST_TEST((m[i] == metadata::value_type("b", long_value)));
    m.set("b", *m.get("a"));
    BOOST_TEST((m.get("b") == long_value));
    m.set("b", *m.get("b"));
    BOOST_TEST((m.get("b") == long_value));
    m.erase(m[0].first);
    BOOST_TEST((m == metadata{{"b", long_value}}));
}

BOOST_AUTO_TEST_CASE(values_may_hold_any_bytes) {
    std::string const bytes("\0\xff\n", 3);
    metadata const m{{"k-bin", bytes}};
    BOOST_TEST(m.get("k-bin").value() == bytes);
}

BOOST_AUTO_TEST_CASE(clear_forgets_the_pairs) {
    metadata m{{"a", "1"}};
    m.clear();
    BOOST_TEST(m.empty());
    m.add("b", "2");
    BOOST_TEST(text_of(m) == "b=2;");
}

BOOST_AUTO_TEST_CASE(copy_and_move_carry_the_pairs) {
    metadata a{{"a", "1"}};
    metadata b = a;
    b.add("b", "2");
    BOOST_TEST(text_of(a) == "a=1;");
    metadata c = std::move(b);
    BOOST_TEST(text_of(c) == "a=1;b=2;");
    a = c;
    BOOST_TEST(text_of(a) == "a=1;b=2;");
}

BOOST_AUTO_TEST_CASE(equality_is_of_pairs_in_order) {
    BOOST_TEST((metadata{} == metadata{}));
    BOOST_TEST((metadata{{"A", "1"}} == metadata{{"a", "1"}}));
    BOOST_TEST((metadata{{"a", "1"}} != metadata{{"a", "2"}}));
    BOOST_TEST((metadata{{"a", "1"}} != metadata{{"a", "1"}, {"a", "1"}}));
    BOOST_TEST((metadata{{"a", "1"}, {"b", "2"}} != metadata{{"b", "2"}, {"a", "1"}}));
    metadata changed{{"x", "0"}, {"a", "1"}};
    changed.erase("x");
    BOOST_TEST((changed == metadata{{"a", "1"}}));
}

BOOST_AUTO_TEST_CASE(iterator_steps_before_and_after) {
    metadata const m{{"a", "1"}, {"b", "2"}};
    auto i = m.begin();
    BOOST_TEST((*i++).first == "a");
    BOOST_TEST((*i).first == "b");
    BOOST_TEST((++i == m.end()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(metadata_validate)

BOOST_AUTO_TEST_CASE(binary_keys_end_in_bin) {
    BOOST_TEST(joust::is_binary_key("trace-bin"));
    BOOST_TEST(joust::is_binary_key("-bin"));
    BOOST_TEST(!joust::is_binary_key("bin"));
    BOOST_TEST(!joust::is_binary_key("trace-bin-x"));
    BOOST_TEST(!joust::is_binary_key(""));
}

BOOST_AUTO_TEST_CASE(good_pairs_pass) {
    constexpr metadata::value_type good[] = {
        {"k", "v"},     {"a.b_c-9", ""}, {"k", "in the middle"},          {"k-bin", "\x01\xff"},
        {"k-bin", " "}, {"grpc", "x"},   {"grpc-retry-pushback-ms", "1"},
    };
    for (auto const& [key, value] : good)
        BOOST_TEST(!validate(key, value).has_value(), "refused " << key);
}

BOOST_AUTO_TEST_CASE(bad_pairs_are_refused_with_the_reason) {
    struct {
        std::string_view key, value, complaint;
    } constexpr bad[] = {
        {"", "v", "metadata key is empty"},
        {"Key", "v", "metadata key 'Key' may hold only 0-9 a-z _ - ."},
        {"a b", "v", "metadata key 'a b' may hold only 0-9 a-z _ - ."},
        {":path", "v", "metadata key ':path' may hold only 0-9 a-z _ - ."},
        {"k\xc3\xa4", "v", "metadata key 'k\xc3\xa4' may hold only 0-9 a-z _ - ."},
        {"grpc-timeout", "v", "metadata key 'grpc-timeout' is reserved"},
        {"grpc-x-bin", "v", "metadata key 'grpc-x-bin' is reserved"},
        {"te", "trailers", "metadata key 'te' is reserved"},
        {"content-type", "v", "metadata key 'content-type' is reserved"},
        {"user-agent", "v", "metadata key 'user-agent' is reserved"},
        {"connection", "v", "metadata key 'connection' is reserved"},
        {"k", "a\n", "the value of metadata 'k' is not printable ASCII; bytes need a key that ends in -bin"},
        {"k", "\x7f", "the value of metadata 'k' is not printable ASCII; bytes need a key that ends in -bin"},
        {"k", "\xc3\xa4", "the value of metadata 'k' is not printable ASCII; bytes need a key that ends in -bin"},
        {"k", " v", "the value of metadata 'k' begins or ends with a space"},
        {"k", "v ", "the value of metadata 'k' begins or ends with a space"},
    };
    for (auto const& [key, value, complaint] : bad)
        BOOST_TEST(validate(key, value).value_or("nothing") == complaint);
}

BOOST_AUTO_TEST_CASE(first_complaint_about_any_pair_is_told) {
    BOOST_TEST(!validate(metadata{}).has_value());
    BOOST_TEST(!validate(metadata{{"a", "1"}, {"b", "2"}}).has_value());
    BOOST_TEST(validate(metadata{{"a", "1"}, {"te", "2"}, {"", "3"}}).value() == "metadata key 'te' is reserved");
}

BOOST_AUTO_TEST_SUITE_END()
