//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace joust::game {

/// Of those that want the same thing at the same time, one leads and gets it; the others follow.
///
/// A flight has one leader, and begins with it. `Follower` is whatever names one.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
template <class Follower>
class single_flight {
public:
    /// Begins a flight, which the caller then leads: true. False when there is one: see `follow`.
    bool lead(std::string const& key) { return flights_.try_emplace(key).second; }

    /// Joins a flight. There is one.
    void follow(std::string const& key, Follower who) { flights_.at(key).push_back(std::move(who)); }

    /// A follower waits no longer. False when it does not follow (any more).
    bool leave(std::string const& key, Follower const& who) {
        auto const flight = flights_.find(key);
        return flight != flights_.end() && std::erase(flight->second, who) != 0;
    }

    /// The leader has got it: the flight is over, and these followed.
    std::vector<Follower> end(std::string const& key) {
        auto const flight = flights_.find(key);
        if (flight == flights_.end())
            return {};
        std::vector<Follower> followers = std::move(flight->second);
        flights_.erase(flight);
        return followers;
    }

    /// The leader leads no longer: who follows longest does. Nothing when nobody followed, and the flight is over.
    std::optional<Follower> hand_over(std::string const& key) {
        auto const flight = flights_.find(key);
        if (flight == flights_.end())
            return std::nullopt;
        if (flight->second.empty()) {
            flights_.erase(flight);
            return std::nullopt;
        }
        std::optional<Follower> next = std::move(flight->second.front());
        flight->second.erase(flight->second.begin());
        return next;
    }

    std::size_t size() const noexcept { return flights_.size(); }

private:
    std::unordered_map<std::string, std::vector<Follower>> flights_;
};

} // namespace joust::game
