//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "core/token_bucket.hpp"
#include "game/middleware/lru_map.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace joust::game {

/// A token bucket for each key, as many as `max_keys`. Time is an argument.
///
/// One that is full again is forgotten sooner or later. When there are too many, the one used longest ago is.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class bucket_table {
public:
    bucket_table(double rate, double burst, std::size_t max_keys) noexcept
        : rate_(rate), burst_(burst), max_keys_(max_keys) {}

    /// Takes one of this key: nothing, or how long it is until there is another one.
    std::optional<token_bucket::duration> take(std::string_view key, token_bucket::time_point now);

    std::size_t size() const noexcept { return buckets_.size(); }

private:
    void make_room(token_bucket::time_point now);

    double rate_;
    double burst_;
    std::size_t max_keys_;
    lru_map<token_bucket> buckets_;
};

} // namespace joust::game
