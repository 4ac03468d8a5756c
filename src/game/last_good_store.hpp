//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/game/fallback.hpp"
#include "joust/game/outgoing_call.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace joust::game {

/// The answers that a client keeps for one fallback.
///
/// *Thread safety*: safe.
class last_good_store {
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct found {
        buffer answer;
        std::chrono::steady_clock::duration age;
    };

    explicit last_good_store(last_good_options options) : options_(std::move(options)) {}

    /// The text that calls with the same arguments of the same caller have in common.
    std::string key_of(outgoing_call const& call) const;

    /// `credentials` are those whose address is part of the key: while an answer is kept, no others have that address.
    void put(std::string key, std::string_view answer, std::shared_ptr<call_credentials> credentials, time_point now);
    std::optional<found> get(std::string_view key, time_point now);

    std::size_t size() const;

private:
    struct entry {
        std::string key;
        buffer answer;
        std::shared_ptr<call_credentials> credentials;
        time_point when;

        std::size_t bytes() const noexcept { return key.size() + answer.size() + sizeof(entry); }
    };
    using entries = std::list<entry>; // the one used last is the first

    void drop(entries::iterator at);

    last_good_options options_;
    mutable std::mutex mutex_;
    entries entries_;
    std::unordered_map<std::string_view, entries::iterator> by_key_;
    std::size_t bytes_ = 0;
};

} // namespace joust::game
