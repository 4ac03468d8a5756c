//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/failures.hpp"

namespace joust::game {

namespace {

// A message travels in a header's stead, and people read it.
constexpr std::size_t most_told = 20;

} // namespace

void failures::add(std::string_view path, std::string_view message) {
    if (++count_ > most_told)
        return;
    if (!text_.empty())
        text_.append("; ");
    text_.append(path_);
    if (!path_.empty() && !path.empty() && path.front() != '[')
        text_.push_back('.');
    text_.append(path);
    if (!path_.empty() || !path.empty())
        text_.append(": ");
    text_.append(message);
}

std::string failures::text() const {
    return count_ <= most_told ? text_ : text_ + "; and " + std::to_string(count_ - most_told) + " more";
}

failures::inside::inside(failures& in, std::string_view field) : in_(in), size_(in.path_.size()) {
    if (!in.path_.empty())
        in.path_.push_back('.');
    in.path_.append(field);
}

failures::inside::inside(failures& in, std::size_t element) : in_(in), size_(in.path_.size()) {
    in.path_.append("[" + std::to_string(element) + "]");
}

} // namespace joust::game
