//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/game/answer_origin.hpp"
#include "joust/game/json.hpp"
#include "joust/game/outgoing_call.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace joust::game {

/// How answers are kept for `fallback::last_good`.
struct last_good_options {
    /// The oldest answer that is still given. None: any.
    std::optional<std::chrono::steady_clock::duration> max_age = {};
    /// How many answers are kept, and how many bytes they and their arguments may be together. The one that was not
    /// used for the longest time goes first.
    std::size_t max_entries = 1000;
    std::size_t max_bytes = 16 * 1024 * 1024;
    /// Who an answer is for: calls with another text do not get it. Unset: everything that a call carries beside its
    /// arguments, which is the metadata of its envelope, its headers (but for those of traces) and its credentials. To
    /// give an answer to everybody, return an empty text.
    std::function<std::string(outgoing_call const&)> identity = {};
};

namespace detail {

template <class T>
struct fallback_result {
    using type = T;
    static constexpr bool waits = false;
};
template <class T>
struct fallback_result<result<T>> : fallback_result<T> {};
template <class T, class Executor>
struct fallback_result<boost::asio::awaitable<T, Executor>> : fallback_result<T> {
    static constexpr bool waits = true;
};

template <class T>
status encode_fallback(buffer& out, T const& value) {
    return json::encode(out, value, {});
}
template <class T>
status encode_fallback(buffer& out, result<T> const& r) {
    return r.has_error() ? r.error() : encode_fallback(out, *r);
}

} // namespace detail

/// What a call is answered with when its server cannot be reached in time, so that a part that fails takes along as
/// little as possible: a last good answer, a constant, what a function makes of it; tried in the order in which they
/// are added. If none of them has an answer, the call fails as it would have without.
///
///     options.fallbacks["get_player_info"] = joust::game::fallback().last_good().value(player{"", 1});
///
/// The answer says where it comes from: see `answer_origin`.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe; a client keeps a copy.
class fallback {
public:
    /// The last answer of the server to a call with the same arguments. It is kept by the client that has this
    /// fallback, and by its copies.
    fallback& last_good(last_good_options options = {});

    /// A constant.
    template <class T>
    fallback& value(T const& v) {
        buffer out;
        status const encoded = detail::encode_fallback(out, v);
        return add_value(encoded, std::move(out));
    }

    /// `f(outgoing_call const&)` returns an answer, a `result` of one, or an awaitable of either, which is cancelled at
    /// the deadline of the call. Must not block, and may be called for several calls at once. One that fails or throws
    /// has no answer.
    template <class F>
    fallback& function(F f) {
        using returned = std::invoke_result_t<F&, outgoing_call const&>;
        if constexpr (detail::fallback_result<returned>::waits) {
            return add_coroutine(
                [f = std::move(f)](outgoing_call const& c, buffer& out) mutable -> boost::asio::awaitable<status> {
                    auto running = f(c);
                    auto const made = co_await std::move(running);
                    co_return detail::encode_fallback(out, made);
                });
        } else {
            return add_function([f = std::move(f)](outgoing_call const& c, buffer& out) mutable {
                return detail::encode_fallback(out, f(c));
            });
        }
    }

    /// What it stands in for: calls that ended with a status of which this is true. Unless it is set, those of which
    /// `degradation_of` knows a reason. A call that was cancelled is over.
    fallback& when(std::function<bool(status const&)> condition);

    /// So long before its deadline a call is given up, so that there is time for the fallback, and for what the caller
    /// makes of it; one with less time than this is not made at all.
    fallback& reserve(std::chrono::steady_clock::duration time);

    // -- for the client

    using plain_function = std::function<status(outgoing_call const&, buffer&)>;
    using coroutine_function = std::function<boost::asio::awaitable<status>(outgoing_call const&, buffer&)>;
    /// One of the three.
    struct step {
        std::optional<last_good_options> last_good = {};
        answer_source source = answer_source::value;
        plain_function plain = {};
        coroutine_function coroutine = {};
    };

    std::vector<step> const& steps() const noexcept { return steps_; }
    std::chrono::steady_clock::duration reserve() const noexcept { return reserve_; }
    bool applies_to(status const& outcome) const;
    /// Says what is wrong with it, or nothing.
    std::optional<std::string> validate() const;

private:
    fallback& add_value(status const& encoded, buffer json);
    fallback& add_function(plain_function f);
    fallback& add(answer_source source, plain_function f);
    fallback& add_coroutine(coroutine_function f);

    std::vector<step> steps_;
    std::function<bool(status const&)> condition_;
    std::chrono::steady_clock::duration reserve_ = {};
    std::optional<std::string> wrong_;
};

} // namespace joust::game
