//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/buffer.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <utility>

using joust::buffer;

BOOST_AUTO_TEST_SUITE(buffer_)

BOOST_AUTO_TEST_CASE(default_constructed_is_empty_without_storage) {
    buffer const b;
    BOOST_TEST(b.empty());
    BOOST_TEST(b.size() == 0u);
    BOOST_TEST(b.capacity() == 0u);
    BOOST_TEST(b.view() == "");
    BOOST_TEST(b.bytes().empty());
}

BOOST_AUTO_TEST_CASE(appending_nothing_allocates_nothing) {
    buffer b;
    b.append(nullptr, 0);
    b.append(std::string_view{});
    b.append(std::span<std::uint8_t const>{});
    BOOST_TEST(b.capacity() == 0u);
}

BOOST_AUTO_TEST_CASE(appends_follow_each_other) {
    constexpr std::array<std::uint8_t, 2> two = {'e', 'f'};
    buffer b("ab");
    b.append("cd");
    b.append(std::span<std::uint8_t const>(two));
    b.append("gh", 1);
    b.push_back('\0');
    BOOST_TEST(b.view() == std::string_view("abcdefg\0", 8));
    BOOST_TEST(b.bytes().size() == 8u);
    BOOST_TEST(b.bytes()[7] == 0);
}

BOOST_AUTO_TEST_CASE(many_appends_keep_the_content_and_reallocate_seldom) {
    buffer b;
    std::string expected;
    int reallocations = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::size_t const before = b.capacity();
        b.push_back(static_cast<char>(i));
        expected.push_back(static_cast<char>(i));
        reallocations += b.capacity() != before;
    }
    BOOST_TEST((b.view() == expected));
    BOOST_TEST(reallocations < 30);
}

BOOST_AUTO_TEST_CASE(grow_returns_where_the_new_bytes_begin) {
    buffer b("ab");
    std::uint8_t* const at = b.grow(3);
    BOOST_TEST(b.size() == 5u);
    at[0] = 'x', at[1] = 'y', at[2] = 'z';
    BOOST_TEST(b.view() == "abxyz");
}

BOOST_AUTO_TEST_CASE(grow_beyond_twice_the_capacity_fits_at_once) {
    buffer b("a");
    b.grow(1000);
    BOOST_TEST(b.size() == 1001u);
    BOOST_TEST(b.capacity() >= 1001u);
    BOOST_TEST(b.view().front() == 'a');
}

BOOST_AUTO_TEST_CASE(reserve_allocates_exactly_and_never_shrinks) {
    buffer b("abc");
    b.reserve(100);
    BOOST_TEST(b.capacity() == 100u);
    b.reserve(10);
    BOOST_TEST(b.capacity() == 100u);
    BOOST_TEST(b.view() == "abc");
}

BOOST_AUTO_TEST_CASE(clear_keeps_the_storage) {
    buffer b("abc");
    std::size_t const capacity = b.capacity();
    std::uint8_t const* const data = b.data();
    b.clear();
    BOOST_TEST(b.empty());
    BOOST_TEST(b.capacity() == capacity);
    b.append("de");
    BOOST_TEST(b.view() == "de");
    BOOST_TEST(b.data() == data);
}

BOOST_AUTO_TEST_CASE(truncate_cuts_but_does_not_grow) {
    buffer b("abcdef");
    b.truncate(9);
    BOOST_TEST(b.view() == "abcdef");
    b.truncate(2);
    BOOST_TEST(b.view() == "ab");
    b.truncate(0);
    BOOST_TEST(b.empty());
}

BOOST_AUTO_TEST_CASE(contains_tells_own_bytes_from_others) {
    buffer b("abc");
    b.reserve(100);
    BOOST_TEST(b.contains(b.view()));
    BOOST_TEST(b.contains(b.view().substr(2)));
    BOOST_TEST(!b.contains(b.view().substr(3)));
    BOOST_TEST(!b.contains("abc"));
    BOOST_TEST(!b.contains({}));
    BOOST_TEST(!buffer().contains({}));
}

BOOST_AUTO_TEST_CASE(copies_are_independent) {
    buffer a("abc");
    buffer b = a;
    b.push_back('d');
    BOOST_TEST(a.view() == "abc");
    BOOST_TEST(b.view() == "abcd");
    a = b;
    BOOST_TEST(a.view() == "abcd");
    BOOST_TEST(a.data() != b.data());
    buffer& same = a;
    a = same;
    BOOST_TEST(a.view() == "abcd");
}

BOOST_AUTO_TEST_CASE(moved_from_is_empty_and_usable) {
    buffer a("abc");
    std::uint8_t const* const data = a.data();
    buffer b = std::move(a);
    BOOST_TEST(b.data() == data);
    BOOST_TEST(a.empty());
    BOOST_TEST(a.capacity() == 0u);
    a.append("x");
    BOOST_TEST(a.view() == "x");
    a = std::move(b);
    BOOST_TEST(a.view() == "abc");
    BOOST_TEST(b.empty());
}

BOOST_AUTO_TEST_CASE(swap_exchanges_the_storage) {
    buffer a("abc"), b;
    std::uint8_t const* const data = a.data();
    a.swap(b);
    BOOST_TEST(a.empty());
    BOOST_TEST(b.view() == "abc");
    BOOST_TEST(b.data() == data);
}

BOOST_AUTO_TEST_SUITE_END()
