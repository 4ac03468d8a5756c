//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/picker.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace joust {

/// Which of the addresses a channel connects to.
enum class connect_scope : std::uint8_t {
    all,   ///< every one of them, as far as `max_connections` allows
    first, ///< one after the other, each 250 ms after the one before or when that has failed, until one is ready (gRFC
           ///< A61); on from there when it is lost, or its circuit breaker opens
};

/// How calls are spread over the endpoints of a service.
///
/// Users derive from it in one class:
///
///     class first_letter final : public joust::load_balancer {
///     public:
///         std::string_view name() const noexcept override { return "first_letter"; }
///         std::unique_ptr<joust::picker> make_picker(std::span<joust::ready_endpoint const> ready) const override {
///             return joust::make_picker_of([n = ready.size()](joust::pick_arguments const& call, double) {
///                 return std::optional<std::size_t>(call.method.empty() ? 0 : call.method[0] % n);
///             });
///         }
///     };
///
/// *Thread safety*: one object may serve several channels, each on its own executor, hence the `const`.
class load_balancer {
public:
    virtual ~load_balancer() = default;

    /// What logs and statistics call it.
    virtual std::string_view name() const noexcept = 0;
    virtual connect_scope scope() const noexcept { return connect_scope::all; }
    /// Each list of addresses that a resolver gives is put into random order.
    virtual bool shuffles_addresses() const noexcept { return false; }
    /// Called whenever an endpoint becomes ready or is lost, with at least one endpoint, in the resolver's order. The
    /// picker's indices are those of `ready`, whose memory it must not keep.
    virtual std::unique_ptr<picker> make_picker(std::span<ready_endpoint const> ready) const = 0;
};

/// All calls to the first address that is ready, in the order of the list, or, with `shuffle_addresses`, in any (gRFC
/// A62), lest all clients of a service go to the same server.
std::shared_ptr<load_balancer> pick_first(bool shuffle_addresses = false);

/// One after the other, weights ignored; where it begins is left to chance, lest all clients begin with the same.
std::shared_ptr<load_balancer> round_robin();

/// In any series of as many calls as the weights sum up to, each endpoint gets exactly its weight, evenly spaced.
std::shared_ptr<load_balancer> weighted_round_robin();

/// Out of `choice_count` endpoints chosen by chance the one with the fewest calls in flight (gRFC A48). Weights are
/// ignored; `choice_count` is taken into 2 to 10.
std::shared_ptr<load_balancer> least_request(std::size_t choice_count = 2);

/// Calls with equal `hash_key` to the same endpoint, whichever client makes them; those without a key anywhere.
///
/// When one of n endpoints comes or goes, one n-th of the keys moves and no others: multi-probe consistent hashing,
/// with 16 points on the ring for each unit of weight, and the endpoint of a key is the nearest to one of its 21
/// probes. Where the ring would have more than `max_ring_size` points it has half, a quarter ... of them for each unit,
/// and at least one for each endpoint; passing such a border moves other keys, too.
std::shared_ptr<load_balancer> ring_hash(std::size_t max_ring_size = 4096);

} // namespace joust
