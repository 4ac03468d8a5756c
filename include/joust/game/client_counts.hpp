//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/code.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

namespace joust::core {
class call_counters;
}

namespace joust::game::detail {

/// What a call counts as.
template <class T>
int outcome_code(result<T> const& outcome) {
    return outcome.has_error() ? to_application_code(outcome.error()) : 0;
}

/// Counts a call of a client from its construction on, until it completes.
class call_count {
public:
    call_count(std::shared_ptr<core::call_counters> in, std::size_t bytes_out);
    call_count(call_count&&) noexcept = default;
    call_count& operator=(call_count&&) = delete;
    /// Nobody waits any more: the call counts as cancelled.
    ~call_count();

    /// The call has completed; well if the code is 0.
    void end(int code, std::size_t bytes_in) noexcept;

private:
    std::shared_ptr<core::call_counters> in_; // null once it has ended
    std::chrono::steady_clock::time_point begun_;
    std::size_t bytes_out_;
};

/// Counts the requests of a stream. Answers come in the order of the requests.
///
/// *Thread safety*: safe, as a read and a write may be under way at the same time.
class stream_count {
public:
    explicit stream_count(std::shared_ptr<core::call_counters> in) noexcept : in_(std::move(in)) {}

    /// A request goes out.
    void begin(std::size_t bytes_out);
    /// An answer that its request has more of.
    void add(std::size_t bytes_in);
    /// The last answer of the oldest request; a good one if the code is 0.
    void end(int code, std::size_t bytes_in);
    /// The stream has ended: no request is answered any more.
    void end_all(int code);

private:
    std::mutex lock_;
    std::shared_ptr<core::call_counters> in_;
    std::deque<call_count> under_way_;
    std::size_t bytes_in_ = 0; // of the oldest request's answers so far
};

} // namespace joust::game::detail
