//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstdint>
#include <string_view>

namespace joust::client {

/// Every bit of the result depends on every bit of `x`, and different numbers give different results (the finaliser of
/// splitmix64).
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/// The n-th of a series of numbers that look like chance and depend on `seed` only.
constexpr std::uint64_t mix(std::uint64_t seed, std::uint64_t n) noexcept {
    return mix(seed + (n + 1) * 0x9e3779b97f4a7c15U);
}

/// FNV-1a, mixed. The same on every machine, as all clients must agree on who owns a key.
constexpr std::uint64_t hash(std::string_view text) noexcept {
    std::uint64_t h = 0xcbf29ce484222325U;
    for (char const c : text)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mix(h);
}

} // namespace joust::client
