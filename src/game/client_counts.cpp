//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/client_counts.hpp"

#include "core/call_counters.hpp"

namespace joust::game::detail {

call_count::call_count(std::shared_ptr<core::call_counters> in, std::size_t bytes_out)
    : in_(std::move(in)), begun_(std::chrono::steady_clock::now()), bytes_out_(bytes_out) {
    in_->begin(begun_);
}

call_count::~call_count() {
    end(to_application_code(status_code::cancelled), 0);
}

void call_count::end(int code, std::size_t bytes_in) noexcept {
    if (!in_)
        return;
    in_->end(code, std::chrono::steady_clock::now() - begun_, bytes_in, bytes_out_);
    in_.reset();
}

void stream_count::begin(std::size_t bytes_out) {
    std::lock_guard const guard(lock_);
    under_way_.emplace_back(in_, bytes_out);
}

void stream_count::add(std::size_t bytes_in) {
    std::lock_guard const guard(lock_);
    bytes_in_ += bytes_in;
}

void stream_count::end(int code, std::size_t bytes_in) {
    std::lock_guard const guard(lock_);
    std::size_t const all = std::exchange(bytes_in_, 0) + bytes_in;
    if (under_way_.empty())
        return; // a server with more answers than there were requests
    under_way_.front().end(code, all);
    under_way_.pop_front();
}

void stream_count::end_all(int code) {
    std::lock_guard const guard(lock_);
    for (call_count& each : under_way_)
        each.end(code, 0);
    under_way_.clear();
}

} // namespace joust::game::detail
