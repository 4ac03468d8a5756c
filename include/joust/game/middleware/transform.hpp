//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/interceptor.hpp"

#include <boost/json/value.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace joust::game {

/// A change of a payload: a function of a `boost::json::value&` that returns nothing or a `status`, or of its text
/// (`std::string_view`) that returns the new one, plain or as a `result`; null for none.
class payload_change {
public:
    using value_function = std::function<status(boost::json::value&)>;
    using text_function = std::function<result<std::string>(std::string_view)>;

    payload_change() = default;
    // NOLINTBEGIN(google-explicit-constructor): functions are changes
    payload_change(std::nullptr_t) noexcept {}
    template <class Function>
        requires std::invocable<Function const&, boost::json::value&>
    payload_change(Function f) : value_(wrapped(std::move(f))) {}
    template <class Function>
        requires(!std::invocable<Function const&, boost::json::value&> &&
                 std::is_invocable_r_v<result<std::string>, Function const&, std::string_view>)
    payload_change(Function f) : text_(std::move(f)) {}
    // NOLINTEND(google-explicit-constructor)

    bool empty() const noexcept { return !value_ && !text_; }
    value_function const& of_value() const noexcept { return value_; }
    text_function const& of_text() const noexcept { return text_; }

private:
    template <class Function>
    static value_function wrapped(Function f) {
        if constexpr (std::is_void_v<std::invoke_result_t<Function const&, boost::json::value&>>)
            return [f = std::move(f)](boost::json::value& value) {
                f(value);
                return status();
            };
        else
            return f;
    }

    value_function value_;
    text_function text_;
};

/// Changes the arguments on their way to the method, and the answers (also those that are pushed) on their way back; of
/// a method that serves a whole stream, each request and each answer.
///
/// An error of a function refuses the call, or makes it one that failed. Functions of values work in any codec
/// of JSON values; those of texts get whatever the payload is, which may be empty.
std::shared_ptr<interceptor> transform(payload_change arguments, payload_change answer = {});

} // namespace joust::game
