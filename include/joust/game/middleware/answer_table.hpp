//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace joust::game {

struct answer_table_options {
    std::size_t max_entries = 10'000;
    /// Of keys and answers, and what it takes to keep them.
    std::size_t max_bytes = std::size_t{64} << 20;
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(answer_table_options const& options);

/// The answers that a `cache` keeps. When there are too many, those that were asked for longest ago go.
///
/// *Thread safety*: safe.
class answer_table {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using answer = std::shared_ptr<std::string const>;

    struct statistics {
        std::size_t entries = 0;
        std::size_t bytes = 0;
        std::size_t hits = 0;
        std::size_t misses = 0;
        std::size_t evictions = 0; ///< for want of room
    };

    /// Throws `std::invalid_argument` for bad options.
    explicit answer_table(answer_table_options const& options = {});
    ~answer_table();
    answer_table(answer_table const&) = delete;
    answer_table& operator=(answer_table const&) = delete;

    /// The answer that is kept for this key and still good; null when there is none.
    answer find(std::string_view key, time_point now);
    /// Keeps an answer in place of the old one, unless it is larger than all that may be kept.
    void put(std::string key, answer what, time_point good_until);

    /// Forgets all answers.
    void clear();
    /// Forgets those of a method, `"service.method"`, say because another method has changed what it answers. Looks at
    /// each entry. An answer that is under way meanwhile is kept all the same.
    void erase(std::string_view method);

    statistics counted() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace joust::game
