//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace joust::net {

/// Counts those who are connected to a server, from being accepted until the end: a TLS handshake, which may take long,
/// is as dear as a connection.
///
/// *Thread safety*: safe.
class admission : public std::enable_shared_from_this<admission> {
public:
    /// A place, given back when nobody holds it any more.
    class place {
    public:
        place(std::shared_ptr<admission> of, bool over) noexcept : of_(std::move(of)), over_(over) {}
        place(place const&) = delete;
        place& operator=(place const&) = delete;
        ~place() { of_->taken_.fetch_sub(1, std::memory_order_relaxed); }

        /// Above the limit: it is there to be told so.
        bool over() const noexcept { return over_; }

    private:
        std::shared_ptr<admission> of_;
        bool over_;
    };

    /// `limit` places, and `more` for those who are told that there is none.
    admission(std::size_t limit, std::size_t more) noexcept : limit_(limit), most_(limit + more) {}

    std::size_t limit() const noexcept { return limit_; }

    /// Null when not even a refusal can be afforded.
    std::shared_ptr<place const> enter();
    /// What became of those who got none.
    status turned_away() const;

private:
    std::size_t limit_;
    std::size_t most_;
    std::atomic<std::size_t> taken_ = 0;
};

} // namespace joust::net
