//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The pool's connections when its balancer wants one address: the addresses are tried one after the other, the next one
// when those before have failed or are not ready in time (RFC 8305, gRFC A61), and the first that is ready stays.

#include "client/pool.hpp"

#include <algorithm>
#include <vector>

namespace joust::client {

namespace {

constexpr auto next_racer_after = std::chrono::milliseconds(250); // RFC 8305, 5

} // namespace

bool pool::any_connecting() const noexcept {
    return std::any_of(endpoints_.begin(), endpoints_.end(), [](auto const& e) { return e->connecting(); });
}

/// Those that lost are closed. False: none is ready yet.
bool pool::race_decided(time_point now) {
    std::size_t const n = endpoints_.size();
    auto const refuses = [&](endpoint& e) {
        return e.refusing_until() > now || (outliers_ && outliers_->ejected(e.outlier()));
    };
    std::size_t winner = first_;
    std::size_t left = n;
    for (; left != 0; --left, winner = (winner + 1) % n)
        if (endpoints_[winner]->ready() && !refuses(*endpoints_[winner]))
            break;
    if (left != 0) {
        first_ = winner;
        racing_ = 1;
        race_due_ = time_point::max();
        for (auto const& e : std::vector(endpoints_))
            if (e != endpoints_[winner] && !e->connections().empty())
                e->close_all();
        return true;
    }
    for (left = n; left != 0 && refuses(*endpoints_[first_]); --left)
        first_ = (first_ + 1) % n;
    bool const due = now >= race_due_;
    if (!any_connecting())
        racing_ = 1;
    else if (due)
        racing_ = std::min(racing_ + 1, n);
    if (due)
        race_due_ = time_point::max();
    return false;
}

/// After the connections that are to be made have been begun.
void pool::plan_race(time_point now) {
    if (racing_ < endpoints_.size() && race_due_ == time_point::max() && any_connecting())
        race_due_ = later(now, next_racer_after);
}

/// The next one's turn.
void pool::on_racer_failed(endpoint const& e) {
    auto const at = std::find_if(endpoints_.begin(), endpoints_.end(), [&](auto const& o) { return o.get() == &e; });
    if (at == endpoints_.end())
        return;
    if (at - endpoints_.begin() == static_cast<std::ptrdiff_t>(first_))
        first_ = (first_ + 1) % endpoints_.size();
    else
        racing_ = std::min(racing_ + 1, endpoints_.size());
}

} // namespace joust::client
