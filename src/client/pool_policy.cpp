//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/pool_policy.hpp"

#include <algorithm>

namespace joust::client {

namespace {

using state = pooled_connection::state;

struct tally {
    std::size_t connections = 0; // that stay or are about to be opened
    std::size_t ready = 0;
    std::size_t full = 0;
    std::size_t connecting = 0;

    /// Without an idle one it can still be called.
    bool can_spare_one() const noexcept { return ready - full >= 2; }
    bool short_of_streams() const noexcept { return ready > 0 && full == ready && connecting == 0; }
};

/// The pool as it will be with what has been decided so far.
class plan {
public:
    plan(std::span<pooled_address const> addresses, std::span<pooled_connection const> connections)
        : addresses_(addresses), connections_(connections), stays_(connections.size()), of_(addresses.size()) {
        for (std::size_t i = 0; i < connections.size(); ++i) {
            auto const& c = connections[i];
            if (c.address >= addresses.size()) {
                decision.close.push_back(i);
                continue;
            }
            stays_[i] = true;
            ++total_;
            auto& t = of_[c.address];
            ++t.connections;
            t.ready += c.at == state::ready ? 1 : 0;
            t.full += c.at == state::ready && c.streams >= c.max_streams ? 1 : 0;
            t.connecting += c.at == state::connecting ? 1 : 0;
        }
    }

    std::size_t total() const noexcept { return total_; }
    tally const& of(std::size_t address) const noexcept { return of_[address]; }
    bool stays(std::size_t connection) const noexcept { return stays_[connection]; }

    /// How many addresses are connected to or may be.
    std::size_t in_use() const noexcept {
        std::size_t n = 0;
        for (std::size_t i = 0; i < of_.size(); ++i)
            n += !addresses_[i].backing_off || of_[i].connections > 0 ? 1 : 0;
        return n;
    }

    /// The address with the fewest connections, of equal ones the first, of those that may be connected to.
    std::optional<std::size_t> poorest() const noexcept {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < of_.size(); ++i)
            if (!addresses_[i].backing_off && (!found || of_[i].connections < of_[*found].connections))
                found = i;
        return found;
    }
    /// One that may be connected to and is not.
    std::optional<std::size_t> unconnected() const noexcept {
        auto const p = poorest();
        return p && of_[*p].connections == 0 ? p : std::nullopt;
    }
    /// One that may be connected to and has fewer by more than one.
    std::optional<std::size_t> poorer_than(std::size_t address) const noexcept {
        auto const p = poorest();
        return p && of_[address].connections >= of_[*p].connections + 2 ? p : std::nullopt;
    }

    void open(std::size_t address) {
        decision.open.push_back(address);
        ++of_[address].connections;
        ++of_[address].connecting;
        ++total_;
    }

    void close(std::size_t connection) {
        auto const& c = connections_[connection];
        auto& t = of_[c.address];
        decision.close.push_back(connection);
        stays_[connection] = false;
        --total_;
        --t.connections;
        t.ready -= c.at == state::ready ? 1 : 0;
        t.full -= c.at == state::ready && c.streams >= c.max_streams ? 1 : 0;
        t.connecting -= c.at == state::connecting ? 1 : 0;
    }

    /// A connection whose address has others, of the address with the most: one that connects, or else the least busy.
    std::optional<std::size_t> dispensable() const {
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            if (!stays_[i] || of_[connections_[i].address].connections < 2)
                continue;
            if (!best || costs_less(connections_[i], connections_[*best]))
                best = i;
        }
        return best;
    }

    pool_decision decision;

private:
    bool costs_less(pooled_connection const& a, pooled_connection const& b) const noexcept {
        if (of_[a.address].connections != of_[b.address].connections)
            return of_[a.address].connections > of_[b.address].connections;
        if (a.at != b.at)
            return a.at == state::connecting;
        return a.streams < b.streams;
    }

    std::span<pooled_address const> addresses_;
    std::span<pooled_connection const> connections_;
    std::vector<bool> stays_;
    std::vector<tally> of_;
    std::size_t total_ = 0;
};

/// How many connections are kept even when idle.
std::size_t floor_of(plan const& p, pool_options const& o) noexcept {
    return std::min(std::max(o.min_connections, p.in_use()), o.max_connections);
}

/// Gives an address without a connection one of an address that has several.
void make_room(plan& p, std::size_t max_connections) {
    while (p.total() >= max_connections) {
        auto const to = p.unconnected();
        auto const spare = to ? p.dispensable() : std::nullopt;
        if (!to || !spare)
            return; // all have one, or as many as there may be
        p.close(*spare);
        p.open(*to);
    }
}

void fill(plan& p, std::size_t floor, std::size_t max_connections) {
    while (p.total() < max_connections) {
        auto const to = p.total() < floor ? p.poorest() : p.unconnected();
        if (!to)
            return;
        p.open(*to);
    }
}

void grow(plan& p, std::span<pooled_address const> addresses, std::size_t queued) {
    bool free_elsewhere = false, connecting_elsewhere = false;
    std::optional<std::size_t> to;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        auto const& t = p.of(i);
        free_elsewhere |= t.full < t.ready;
        connecting_elsewhere |= t.ready > 0 && t.connecting > 0; // an earlier shortage's
        if (t.short_of_streams() && !addresses[i].backing_off && (!to || t.connections < p.of(*to).connections))
            to = i;
    }
    if (to && !connecting_elsewhere && (queued > 0 || !free_elsewhere))
        p.open(*to);
}

void shrink(plan& p, std::span<pooled_connection const> connections, std::size_t floor, pool_options const& options,
            pooled_connection::time_point now) {
    std::vector<std::size_t> idle;
    for (std::size_t i = 0; i < connections.size(); ++i) {
        auto const& c = connections[i];
        if (p.stays(i) && c.at == state::ready && c.streams == 0 && now - c.idle_since >= options.idle_timeout)
            idle.push_back(i);
    }
    std::stable_sort(idle.begin(), idle.end(), [&](std::size_t a, std::size_t b) {
        return connections[a].idle_since < connections[b].idle_since;
    });
    for (std::size_t const i : idle) {
        if (!p.of(connections[i].address).can_spare_one())
            continue;
        if (p.total() > floor)
            p.close(i);
        else if (auto const to = p.poorer_than(connections[i].address)) {
            p.close(i); // is of more use there
            p.open(*to);
        }
    }
}

} // namespace

std::optional<std::string> validate(pool_options const& o) {
    if (o.max_connections < 1)
        return "max_connections must be at least 1";
    if (o.min_connections < 1 || o.min_connections > o.max_connections)
        return "min_connections must be from 1 to max_connections";
    if (o.idle_timeout <= pool_options::duration::zero())
        return "idle_timeout must be positive";
    return std::nullopt;
}

pool_decision pool_policy::decide(std::span<pooled_address const> addresses,
                                  std::span<pooled_connection const> connections, std::size_t queued,
                                  time_point now) const {
    plan p(addresses, connections);
    std::size_t const floor = floor_of(p, options_);
    fill(p, floor, options_.max_connections);
    make_room(p, options_.max_connections);
    shrink(p, connections, floor, options_, now); // first, as it makes room
    if (p.total() < options_.max_connections)
        grow(p, addresses, queued);
    shrink(p, connections, floor, options_, now); // what the new one makes dispensable
    return std::move(p.decision);
}

std::optional<pool_policy::time_point> pool_policy::next_shrink(std::span<pooled_address const> addresses,
                                                                std::span<pooled_connection const> connections) const {
    plan const p(addresses, connections);
    std::size_t const floor = floor_of(p, options_);
    std::optional<time_point> first;
    for (std::size_t i = 0; i < connections.size(); ++i) {
        auto const& c = connections[i];
        if (!p.stays(i) || c.at != state::ready || c.streams > 0 || !p.of(c.address).can_spare_one())
            continue;
        if (p.total() <= floor && !p.poorer_than(c.address))
            continue;
        time_point const due = c.idle_since + options_.idle_timeout;
        first = first ? std::min(*first, due) : due;
    }
    return first;
}

} // namespace joust::client
