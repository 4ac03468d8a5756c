//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Where the pool's connections go: what resolvers and service configs say.

#include "client/address_diff.hpp"
#include "client/make_balancer.hpp"
#include "client/pool.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace joust::client {

void pool::start_resolving() {
    resolving_ = true;
    if (to_.only) {
        resolved_ = true;
        endpoint_address address;
        address.address = net::to_string(*to_.only);
        endpoints_.push_back(std::make_shared<endpoint>(*this, std::move(address), *to_.only));
        if (outliers_)
            endpoints_.back()->outlier() = outliers_->add();
        apply_circuits(*endpoints_.back());
        return;
    }
    auto const source = to_.source;
    source->start(io_, [weak = weak_from_this()](resolution found) {
        if (auto const self = weak.lock())
            self->on_resolution(std::move(found));
    });
}

void pool::on_resolution(resolution found) {
    if (shut_down_)
        return;
    resolved_ = true;
    resolve_failure_ = found.problem;
    if (!found.problem.ok() && options_->observer)
        options_->observer->resolution_failed(to_.name, found.problem);
    if (found.service_config && !own_config_) {
        auto parsed = service_config::parse(*found.service_config);
        if (parsed.has_value())
            apply_config(std::make_shared<service_config const>(std::move(*parsed)));
        else if (options_->observer) // the one before stays
            options_->observer->resolution_failed(to_.name, parsed.error());
    }
    if (!found.addresses.empty())
        set_addresses(std::move(found.addresses));
    maintain();
}

namespace {

result<net::address> where_is(endpoint_address const& a) {
    if (a.wire)
        return net::address(a.wire->port());
    return net::parse_address(a.address);
}

} // namespace

void pool::set_addresses(std::vector<endpoint_address> addresses) {
    if (balancer_->shuffles_addresses())
        std::shuffle(addresses.begin(), addresses.end(), random_);
    std::vector<endpoint_address> before;
    before.reserve(endpoints_.size());
    for (auto const& e : endpoints_)
        before.push_back(e->address());
    auto const diff = diff_addresses(before, addresses);

    std::vector<std::shared_ptr<endpoint>> next(addresses.size());
    for (auto const& [was, is] : diff.kept) {
        next[is] = endpoints_[was];
        next[is]->update(addresses[is]);
    }
    for (std::size_t const i : diff.added) {
        auto where = where_is(addresses[i]);
        if (where.has_error()) {
            resolve_failure_ = where.error();
            if (options_->observer)
                options_->observer->resolution_failed(to_.name, where.error());
            continue;
        }
        next[i] = std::make_shared<endpoint>(*this, addresses[i], std::move(*where));
        if (outliers_)
            next[i]->outlier() = outliers_->add();
    }
    std::erase(next, nullptr);
    if (next.empty())
        return; // all were broken: those that are there are better
    std::vector<std::shared_ptr<endpoint>> removed;
    removed.reserve(diff.removed.size());
    for (std::size_t const i : diff.removed)
        removed.push_back(endpoints_[i]);
    endpoints_ = std::move(next);
    auto const connected = std::find_if(endpoints_.begin(), endpoints_.end(), [](auto const& e) { return e->ready(); });
    first_ = connected != endpoints_.end() ? static_cast<std::size_t>(connected - endpoints_.begin()) : 0;
    racing_ = 1;
    race_due_ = time_point::max();
    picker_.reset(); // it refers to those that go
    ready_.clear();
    for (auto const& e : removed) {
        if (outliers_)
            outliers_->remove(e->outlier());
        e->close_all(); // calls under way go on
    }
    auto const is_new = [&](endpoint const& e) {
        return std::none_of(before.begin(), before.end(), [&](auto const& b) { return same_endpoint(b, e.address()); });
    };
    if (!circuits_.empty())
        for (auto const& e : std::vector(endpoints_))
            if (is_new(*e))
                apply_circuits(*e);
}

/// What was said by hand of an address before it was there.
void pool::apply_circuits(endpoint& to) const {
    for (std::string_view const name : {std::string_view(to.address().address), std::string_view(to.name()), {}})
        if (auto const said = circuits_.find(name); said != circuits_.end())
            return to.set_circuit(said->second);
}

/// What it does not mention is as the options have it, whatever the one before said.
void pool::apply_config(std::shared_ptr<service_config const> config) {
    auto const before = std::exchange(config_, std::move(config));
    service_config const& c = *config_;
    health_check_ = options_->health_check;
    if (c.health_check_service) {
        if (!health_check_)
            health_check_.emplace();
        health_check_->service_name = *c.health_check_service;
    }
    bool const throttled = c.throttling || options_->retry || options_->hedging;
    auto const budget = c.throttling.value_or(options_->retry_throttling);
    if (!throttled)
        throttle_.reset();
    else if (throttle_)
        throttle_->configure(budget);
    else
        throttle_.emplace(budget);
    if (options_->balancer || c.load_balancing == (before ? before->load_balancing : std::nullopt))
        return;
    balancer_ = c.load_balancing ? make_balancer(*c.load_balancing) : nullptr;
    if (!balancer_)
        balancer_ = round_robin();
    picker_.reset();
    ready_.clear();
}

} // namespace joust::client
