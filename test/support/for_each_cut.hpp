//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace joust::test {

/// Calls `function(std::span<std::string_view const> pieces)` for every cut of `input` in two (the empty halves too),
/// and once for its single bytes. A check that fails says which cut it was.
template <class Function>
void for_each_cut(std::string_view input, Function&& function) {
    for (std::size_t at = 0; at <= input.size(); ++at) {
        std::array<std::string_view, 2> const halves = {input.substr(0, at), input.substr(at)};
        BOOST_TEST_CONTEXT("cut at " << at << " of " << input.size())
        function(std::span<std::string_view const>(halves));
    }
    std::vector<std::string_view> bytes;
    for (std::size_t at = 0; at < input.size(); ++at)
        bytes.push_back(input.substr(at, 1));
    BOOST_TEST_CONTEXT("byte by byte")
    function(std::span<std::string_view const>(bytes));
}

} // namespace joust::test
