//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "table.hpp"

#include "report.hpp"

#include <algorithm>
#include <utility>

namespace joust::cli {

namespace {

/// Characters, as far as each takes one column.
std::size_t width_of(std::string const& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

} // namespace

void table::add(std::vector<std::string> cells) {
    for (std::string& each : cells)
        each = printable(each);
    rows_.push_back(std::move(cells));
}

std::vector<std::string> table::lines(std::size_t indent) const {
    std::vector<std::size_t> widths;
    for (auto const& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i != row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    }
    std::vector<std::string> all;
    for (auto const& row : rows_) {
        std::string line(indent, ' ');
        for (std::size_t i = 0; i != row.size(); ++i) {
            std::string const padding(widths[i] - width_of(row[i]), ' ');
            line += i == 0 ? "" : "  ";
            line += i < left_ ? row[i] + padding : padding + row[i];
        }
        line.erase(line.find_last_not_of(' ') + 1);
        all.push_back(std::move(line));
    }
    return all;
}

} // namespace joust::cli
