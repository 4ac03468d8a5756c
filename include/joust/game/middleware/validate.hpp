//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/interceptor.hpp"
#include "joust/game/middleware/check.hpp"
#include "joust/game/middleware/failures.hpp"
#include "joust/game/middleware/payload.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace joust::game {

namespace detail {

/// The type of a function's first parameter; none for what is no function, or one of many types.
template <class Function>
struct first_parameter {};
template <class Function>
    requires requires { &Function::operator(); }
struct first_parameter<Function> : first_parameter<decltype(&Function::operator())> {};
template <class R, class T, class... More>
struct first_parameter<R (*)(T, More...)> {
    using type = std::remove_cvref_t<T>;
};
template <class R, class C, class T, class... More>
struct first_parameter<R (C::*)(T, More...)> : first_parameter<R (*)(T, More...)> {};
template <class R, class C, class T, class... More>
struct first_parameter<R (C::*)(T, More...) const> : first_parameter<R (*)(T, More...)> {};
template <class R, class C, class T, class... More>
struct first_parameter<R (C::*)(T, More...) const noexcept> : first_parameter<R (*)(T, More...)> {};
template <class R, class T, class... More>
struct first_parameter<R (*)(T, More...) noexcept> : first_parameter<R (*)(T, More...)> {};

template <class Function>
using first_parameter_t = typename first_parameter<std::decay_t<Function>>::type;

/// `void(T const&, failures&)`, or `std::optional<std::string>(T const&)`: what is wrong, or nothing.
template <class Function, class T>
concept rule_of = std::is_invocable_v<Function const&, T const&, failures&> ||
                  std::is_invocable_r_v<std::optional<std::string>, Function const&, T const&>;

template <class T, class Function>
void look(Function const& f, T const& value, failures& found) {
    if constexpr (std::is_invocable_v<Function const&, T const&, failures&>) {
        f(value, found);
    } else {
        std::optional<std::string> const complaint = f(value);
        if (complaint)
            found.add({}, *complaint);
    }
}

/// Reads arguments and looks at them.
using validator_function = std::function<status(call const& c, std::string_view arguments, failures& found)>;
std::shared_ptr<interceptor> make_validator(validator_function f);

} // namespace detail

/// Looks at the arguments of a call before its method does: `validate<player_query>(rules...)`; of a method that serves
/// a whole stream, at those of each request.
///
/// A rule is what `check`, `within` and `each` make, or a function: `void(T const&, failures&)` notes what is wrong,
/// `std::optional<std::string>(T const&)` says it. All that is wrong is told at once, INVALID_ARGUMENT, code 400:
/// `"logic.update: player.level: must be at most 100; player.id: must not be empty"`. Arguments that are no `T` are
/// refused as by the method itself. A rule that throws is as a method that throws: code 500 with a fixed text. The
/// arguments are read twice, here and for the method.
template <class T, detail::rule_of<T>... Rules>
    requires(sizeof...(Rules) != 0)
std::shared_ptr<interceptor> validate(Rules... rules) {
    return detail::make_validator(
        [... rules = std::move(rules)](call const& c, std::string_view payload, failures& found) {
            T arguments{};
            status s = detail::read_payload(c, payload, "{}", arguments);
            if (s.ok())
                (detail::look(rules, std::as_const(arguments), found), ...);
            return s;
        });
}

/// The same for the type that the first rule takes: `validate(id_not_empty, name_is_fine)`.
template <class First, class... Rest, class T = detail::first_parameter_t<First>>
    requires detail::rule_of<std::decay_t<First>, T>
std::shared_ptr<interceptor> validate(First first, Rest... rest) {
    return validate<T, First, Rest...>(std::move(first), std::move(rest)...);
}

} // namespace joust::game
