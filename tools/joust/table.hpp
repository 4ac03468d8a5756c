//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace joust::cli {

/// Rows whose columns stand below each other.
class table {
public:
    /// The first `left` columns are texts, the others numbers, which stand to the right.
    explicit table(std::size_t left) : left_(left) {}

    /// Cells that a peer wrote are made harmless. Rows may differ in length.
    void add(std::vector<std::string> cells);
    bool empty() const noexcept { return rows_.empty(); }

    /// The lines, each after `indent` spaces.
    std::vector<std::string> lines(std::size_t indent = 0) const;

private:
    std::size_t left_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace joust::cli
