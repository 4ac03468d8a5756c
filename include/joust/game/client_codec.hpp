//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/payload_codec.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

namespace joust::game::detail {

/// What a client has learned of its servers: whether calls are better made in JSON for now.
///
/// *Thread safety*: safe.
class codec_memory {
public:
    using clock = std::chrono::steady_clock;

    /// Zero: what was refused is tried again at once, and refused calls are not made again.
    explicit codec_memory(clock::duration span) noexcept : span_(span) {}

    bool falls_back() const noexcept { return span_ > clock::duration::zero(); }
    bool prefers_json(clock::time_point now) const noexcept {
        return now.time_since_epoch().count() < until_.load(std::memory_order_relaxed);
    }
    void refused(clock::time_point now) noexcept {
        if (falls_back())
            until_.store((now + span_).time_since_epoch().count(), std::memory_order_relaxed);
    }

private:
    clock::duration span_;
    std::atomic<clock::rep> until_{clock::time_point::min().time_since_epoch().count()};
};

/// The codec of one call that is not JSON, shared by what sends it and what reads the answer.
struct call_codec {
    using to_json_function = status (*)(buffer& out, std::string_view payload, payload_codec const& codec);

    call_codec(any_codec codec, to_json_function f) noexcept : used(std::move(codec)), to_json(f) {}

    any_codec used;           ///< null once the call is made again in JSON
    to_json_function to_json; ///< of its arguments; null if it has none
};

} // namespace joust::game::detail
