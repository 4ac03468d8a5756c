//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/block_allocator.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

using joust::http2::block_allocator;

BOOST_AUTO_TEST_SUITE(block_allocator_)

BOOST_AUTO_TEST_CASE(freed_block_is_handed_out_again) {
    block_allocator a;
    void* const p = a.allocate(100);
    a.deallocate(p);
    BOOST_TEST(a.allocate(65) == p); // the same class: 65 to 128
    a.deallocate(p);
    void* const q = a.allocate(64);
    BOOST_TEST(q != p);
    a.deallocate(q);
}

BOOST_AUTO_TEST_CASE(blocks_are_aligned_for_everything) {
    block_allocator a;
    for (std::size_t n : std::initializer_list<std::size_t>{0, 1, 7, 63, 64, 65, 1000, 1024, 1025, 100'000}) {
        void* const p = a.allocate(n);
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(p) % alignof(std::max_align_t) == 0u);
        std::memset(p, 0xff, n);
        a.deallocate(p);
    }
}

BOOST_AUTO_TEST_CASE(zeroed_block_is_zero_even_when_reused) {
    block_allocator a;
    void* p = a.allocate(200);
    std::memset(p, 0xff, 200);
    a.deallocate(p);
    p = a.allocate_zeroed(200);
    std::string const zeros(200, '\0');
    BOOST_TEST(std::memcmp(p, zeros.data(), zeros.size()) == 0);
    a.deallocate(p);
}

BOOST_AUTO_TEST_CASE(nothing_is_freed_and_nothing_reallocated) {
    block_allocator a;
    a.deallocate(nullptr);
    void* const p = a.reallocate(nullptr, 10);
    BOOST_TEST(p != nullptr);
    a.deallocate(p);
}

BOOST_AUTO_TEST_CASE(reallocation_within_the_block_stays_in_place) {
    block_allocator a;
    void* const p = a.allocate(65);
    BOOST_TEST(a.reallocate(p, 128) == p);
    BOOST_TEST(a.reallocate(p, 1) == p);
    a.deallocate(p);
}

BOOST_AUTO_TEST_CASE(random_use_keeps_every_block_intact) {
    block_allocator a;
    std::mt19937 random(1);
    std::map<unsigned char*, std::string> blocks;
    auto const pick = [&] { return std::next(blocks.begin(), static_cast<long>(random() % blocks.size())); };
    auto const fill = [&](unsigned char* p, std::size_t n) {
        std::string const content(n, static_cast<char>(random()));
        std::memcpy(p, content.data(), n);
        BOOST_TEST_REQUIRE(blocks.emplace(p, content).second); // nobody else has it
    };
    for (int i = 0; i < 20'000; ++i) {
        std::size_t const n = random() % 10 == 0 ? random() % 20'000 : random() % 300;
        if (blocks.empty() || random() % 3 == 0) {
            fill(static_cast<unsigned char*>(a.allocate(n)), n);
            continue;
        }
        auto const it = pick();
        auto [p, content] = *it;
        BOOST_TEST_REQUIRE(std::memcmp(p, content.data(), content.size()) == 0);
        blocks.erase(it);
        if (random() % 3 != 0) {
            a.deallocate(p);
            continue;
        }
        auto* const q = static_cast<unsigned char*>(a.reallocate(p, n));
        BOOST_TEST_REQUIRE(std::memcmp(q, content.data(), std::min(n, content.size())) == 0);
        fill(q, n);
    }
    for (auto const& [p, content] : blocks)
        a.deallocate(p);
}

BOOST_AUTO_TEST_CASE(blocks_that_are_free_are_bounded) {
    // 10,000 blocks of 1 KiB: most go back to the heap, or the process would keep 10 MiB for ever. The leak checker of
    // the sanitizer build sees that all do in the end.
    block_allocator a;
    std::vector<void*> blocks;
    for (int i = 0; i < 10'000; ++i)
        blocks.push_back(a.allocate(1024));
    for (void* const p : blocks)
        a.deallocate(p);
    BOOST_TEST(a.kept() <= 128u * 1024);
    BOOST_TEST(a.kept() > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
