//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/interceptor.hpp"
#include "joust/game/middleware/answer_table.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace joust::game {

struct cache_options {
    /// How much is kept; see `table`.
    answer_table_options limits = {};
    /// True: one answer for everybody. Otherwise each user has answers of their own: by `call::identity`, or else by
    /// the `authorization` of call and envelope, and by the client's certificate. What is answered to an identity that
    /// was found out within the cache is not kept.
    bool shared = false;
    /// Metadata, of call and envelope, whose values keep answers apart, too (as HTTP's Vary).
    std::vector<std::string> vary = {};
    /// What stands for arguments, user and `vary` in the key of a call; nothing: its answer is not cached. Answers
    /// cross users if this says so. Method and codec always are part of the key.
    std::function<std::optional<std::string>(call const&)> key = {};
    /// Of calls with the same key that come while the first of them runs, only that one runs. False: each of them does,
    /// and calls of plain methods need no coroutine.
    bool single_flight = true;
    /// Where answers are kept, if it is to be seen or cleared; null: a table of its own, with `limits`.
    std::shared_ptr<answer_table> table = {};
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(cache_options const& options);

/// Answers with what the method has answered to the same arguments, byte for byte, in the last `ttl`.
///
/// Errors are not kept, nor are answers of methods that push (`responses`) or serve a whole stream, which always run.
/// While a call runs for several (`single_flight`), the others wait for it, and are cancelled on their own. They get
/// its answer, and its error as well, unless that is about the caller: it was cancelled or its deadline has passed, it
/// may not (401, 403), or was limited (429). Then the one that has waited longest runs instead. Throws
/// `std::invalid_argument` for a `ttl` that is not positive and for bad options.
any_interceptor cache(std::chrono::steady_clock::duration ttl, cache_options options = {});

} // namespace joust::game
