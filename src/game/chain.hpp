//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/interceptor.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <vector>

namespace joust::game {

/// The interceptors around a method, outermost first.
///
/// `before...` counts in `started` those that were asked, `finish...` tells each of them how the call went on: with an
/// outcome that is OK that it was answered, and else that it failed.
class chain {
public:
    explicit chain(std::vector<any_interceptor> all);

    bool empty() const noexcept { return all_.empty(); }
    /// No hook waits.
    bool synchronous() const noexcept { return synchronous_; }

    // Precondition: synchronous()
    status before(call& c, std::size_t& started) const;
    void finish(call& c, std::size_t started, status& outcome) const;

    // For all.
    boost::asio::awaitable<status> async_before(call& c, std::size_t& started) const;
    /// Resets the cancellation state of the coroutine that awaits it, which has done so itself before.
    boost::asio::awaitable<void> async_finish(call& c, std::size_t started, status& outcome) const;

    status on_read(call& c, buffer& arguments) const;
    status on_push(call& c, buffer& answer) const;

    void describe(method_description& m) const;

private:
    std::vector<any_interceptor> all_;
    bool synchronous_ = true;
};

/// What an exception of a method or hook ends its call with.
status outcome_of(call& c, std::exception_ptr e);

} // namespace joust::game
