//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace joust {

/// What the channel counts for each endpoint while calls come and go. It stays where it is as long as the endpoint is
/// part of the channel, through all pickers, and so names it.
struct endpoint_load {
    std::uint32_t calls_in_flight = 0;
};

/// An endpoint with a connection that takes calls.
struct ready_endpoint {
    std::string_view address = {};       ///< valid while the picker is made
    std::uint32_t weight = 1;            ///< 0 counts as 1
    std::string_view locality = {};      ///< empty when the resolver names none; valid while the picker is made
    endpoint_load const* load = nullptr; ///< outlives the picker; null counts as no load
};

/// What a pick may depend on. All of it is valid during the pick only.
struct pick_arguments {
    std::string_view method = {};                     ///< `/package.Service/Method`
    std::optional<std::string_view> hash_key = {};    ///< calls with equal keys belong together
    std::span<endpoint_load const* const> tried = {}; ///< where attempts of this call have been

    bool was_tried(endpoint_load const* of) const noexcept {
        return of != nullptr && std::find(tried.begin(), tried.end(), of) != tried.end();
    }
};

/// Chooses an endpoint for each call, out of those that were ready when it was made. When these change, a new picker
/// takes its place.
///
/// *Thread safety*: used by one channel, on its executor; a cursor needs no lock.
class picker {
public:
    virtual ~picker() = default;

    /// The index of an endpoint, or nothing: the call then waits for the next picker. Must not block and should not
    /// allocate. An endpoint that was tried is chosen again only when there is no other.
    ///
    /// `random01` is from [0, 1), another one for each pick.
    virtual std::optional<std::size_t> pick(pick_arguments const& call, double random01) = 0;
};

namespace detail {

template <class F>
class function_picker final : public picker {
public:
    explicit function_picker(F f) : f_(std::move(f)) {}
    std::optional<std::size_t> pick(pick_arguments const& call, double random01) override {
        return std::invoke(f_, call, random01);
    }

private:
    F f_;
};

} // namespace detail

/// A picker of a function `(pick_arguments const&, double random01)` that returns `std::optional<std::size_t>`.
template <class F>
    requires std::is_invocable_r_v<std::optional<std::size_t>, std::decay_t<F>&, pick_arguments const&, double>
std::unique_ptr<picker> make_picker_of(F&& f) {
    return std::make_unique<detail::function_picker<std::decay_t<F>>>(std::forward<F>(f));
}

} // namespace joust
