//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace joust::game {

/// What is wrong with the arguments of a call: where, and why.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class failures {
public:
    /// Notes one: `add("player.level", "must be at most 100")`. Without a path it is about all that is looked at.
    void add(std::string_view path, std::string_view message);

    bool empty() const noexcept { return count_ == 0; }
    std::size_t size() const noexcept { return count_; }

    /// `"player.level: must be at most 100; player.id: must not be empty"`; of many the first ones, and how many more
    /// there are.
    std::string text() const;

    /// While it lives, paths are within this field or element.
    class inside {
    public:
        inside(failures& in, std::string_view field);
        inside(failures& in, std::size_t element);
        inside(inside const&) = delete;
        inside& operator=(inside const&) = delete;
        ~inside() { in_.path_.resize(size_); }

    private:
        failures& in_;
        std::size_t size_;
    };

private:
    std::string path_;
    std::string text_;
    std::size_t count_ = 0;
};

} // namespace joust::game
