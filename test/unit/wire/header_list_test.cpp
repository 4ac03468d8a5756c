//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/header_list.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>

using joust::metadata;
using joust::status;
using joust::status_code;
using joust::wire::header_list;

BOOST_AUTO_TEST_SUITE(header_list_)

namespace {

std::string text_of(header_list const& list) {
    std::string text;
    for (joust::header_field const& field : list.fields())
        text.append(field.name).append("=").append(field.value).append(field.is_static ? "!;" : ";");
    return text;
}

std::string status_text(status const& s) {
    header_list list;
    list.add_status(s);
    return text_of(list);
}

} // namespace

BOOST_AUTO_TEST_CASE(default_constructed_has_no_fields) {
    BOOST_TEST(header_list().fields().empty());
}

BOOST_AUTO_TEST_CASE(static_fields_are_marked_and_not_copied) {
    header_list list;
    constexpr std::string_view name = ":status", value = "200";
    list.add_static(name, value);
    BOOST_TEST(text_of(list) == ":status=200!;");
    BOOST_TEST((list.fields()[0].name.data() == name.data()));
    BOOST_TEST((list.fields()[0].value.data() == value.data()));
}

BOOST_AUTO_TEST_CASE(only_unique_values_are_marked_as_such) {
    header_list list;
    list.add_unique("grpc-timeout", "5S");
    list.add("grpc-timeout", "5S");
    list.add_static("te", "trailers");
    BOOST_TEST(text_of(list) == "grpc-timeout=5S;grpc-timeout=5S;te=trailers!;");
    BOOST_TEST(list.fields()[0].never_indexed);
    BOOST_TEST(!list.fields()[1].never_indexed);
    BOOST_TEST(!list.fields()[2].never_indexed);
}

BOOST_AUTO_TEST_CASE(added_value_is_copied) {
    header_list list;
    {
        std::string const path = "/package.Service/Method";
        list.add(":path", path);
    }
    BOOST_TEST(text_of(list) == ":path=/package.Service/Method;");
}

BOOST_AUTO_TEST_CASE(fields_stay_right_while_the_text_grows) {
    header_list list;
    std::string expected;
    for (int i = 0; i < 300; ++i) {
        std::string const value(static_cast<std::size_t>(i % 7 * i), static_cast<char>('a' + i % 26));
        list.add("copied", value);
        list.add_static("static", "x");
        list.add_metadata({{"key-" + std::to_string(i), value}});
        expected += "copied=" + value + ";static=x!;key-" + std::to_string(i) + "=" + value + ";";
        BOOST_TEST_REQUIRE((text_of(list) == expected), "after " << i);
    }
}

BOOST_AUTO_TEST_CASE(empty_values_are_never_null) {
    header_list list;
    list.add("first", "");
    list.add("text", std::string(1000, 'x'));
    list.add("last", "");
    list.add("text", std::string(5000, 'x'));
    for (joust::header_field const& field : list.fields())
        BOOST_TEST((field.value.data() != nullptr), field.name);
    BOOST_TEST(list.fields()[0].value == "");
    BOOST_TEST(list.fields()[2].value == "");
}

BOOST_AUTO_TEST_CASE(metadata_is_copied_and_binary_values_are_base64) {
    header_list list;
    {
        std::string const bytes("\0\xff", 2);
        metadata const m{{"a", "1"}, {"b-bin", bytes}, {"a", ""}, {"c-bin", ""}};
        list.add_metadata(m);
    }
    BOOST_TEST(text_of(list) == "a=1;b-bin=AP8;a=;c-bin=;");
}

BOOST_AUTO_TEST_CASE(every_code_has_its_number) {
    for (int code = 0; code <= 16; ++code)
        BOOST_TEST(status_text(status(static_cast<status_code>(code))) == "grpc-status=" + std::to_string(code) + "!;");
    BOOST_TEST(status_text(status(static_cast<status_code>(17))) == "grpc-status=2!;");
    BOOST_TEST(status_text(status(static_cast<status_code>(-1))) == "grpc-status=2!;");
}

BOOST_AUTO_TEST_CASE(status_carries_message_and_details) {
    status s(status_code::not_found, "100% \xc3\xa4\n");
    BOOST_TEST(status_text(s) == "grpc-status=5!;grpc-message=100%25 %C3%A4%0A;");
    s.set_details("foo");
    BOOST_TEST(status_text(s) == "grpc-status=5!;grpc-message=100%25 %C3%A4%0A;grpc-status-details-bin=Zm9v;");
    s.set_message("");
    BOOST_TEST(status_text(s) == "grpc-status=5!;grpc-status-details-bin=Zm9v;");
}

BOOST_AUTO_TEST_CASE(cleared_list_is_empty_and_keeps_its_storage) {
    header_list list;
    list.add("a", "first value");
    char const* const storage = list.fields()[0].value.data();
    list.clear();
    BOOST_TEST(list.fields().empty());
    list.add("a", "other value");
    BOOST_TEST(text_of(list) == "a=other value;");
    BOOST_TEST((list.fields()[0].value.data() == storage));
}

BOOST_AUTO_TEST_CASE(moved_list_takes_its_text_along) {
    static_assert(!std::is_copy_constructible_v<header_list>);
    header_list from;
    from.add("a", "1");
    header_list to = std::move(from);
    to.add("b", "2");
    BOOST_TEST(text_of(to) == "a=1;b=2;");
    header_list again;
    again.add("c", "3");
    again = std::move(to);
    BOOST_TEST(text_of(again) == "a=1;b=2;");
}

BOOST_AUTO_TEST_SUITE_END()
