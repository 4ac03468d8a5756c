//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/middleware/criteria.hpp"
#include "joust/game/middleware/failures.hpp"

#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/mp11/algorithm.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// @file
/// What `validate` looks at, put together from fields: each of these is a `rule`.
/// @code
/// check(&player::level, at_most(100))
/// check(&player::name, "must not be a swear word", [](std::string const& n) { return !is_swear_word(n); })
/// within(&player_update::player, check(&player::level, at_most(100)), check(&player::id, not_empty()))
/// each(&batch::players, check(&player::id, not_empty()))
/// @endcode

namespace joust::game {

/// Notes what is wrong with a `T`.
template <class T>
class rule {
public:
    using argument_type = T;

    template <class Function>
        requires(!std::is_same_v<Function, rule> && std::is_invocable_v<Function const&, T const&, failures&>)
    // NOLINTNEXTLINE(google-explicit-constructor): a function is a rule
    rule(Function f) : look_(std::move(f)) {}

    void operator()(T const& value, failures& found) const { look_(value, found); }

private:
    std::function<void(T const&, failures&)> look_;
};

namespace detail {

/// The name under which a field is described.
template <class Class, class Field>
std::string_view name_of_field(Field Class::*field) {
    namespace describe = boost::describe;
    static_assert(describe::has_describe_members<Class>::value,
                  "describe the struct whose fields are checked: BOOST_DESCRIBE_STRUCT(my_arguments, (), (name, ...))");
    std::string_view name = "?"; // a field that is not described: no argument comes there, either
    boost::mp11::mp_for_each<describe::describe_members<Class, describe::mod_any_access | describe::mod_inherited>>(
        [&](auto described) {
            if constexpr (std::is_convertible_v<decltype(described.pointer), Field Class::*>) {
                Field Class::*const other = described.pointer;
                if (other == field)
                    name = described.name;
            }
        });
    return name;
}

/// Looks at a field; at an optional one only when it is there, and then at what it holds.
template <class Field, class Look>
void look_at(Field const& field, Look const& look) {
    look(field);
}
template <class Field, class Look>
void look_at(std::optional<Field> const& field, Look const& look) {
    if (field)
        look(*field);
}

} // namespace detail

/// A field must meet a criterion, which `message` tells (`"must be even"`). One that is an empty optional does.
template <class Class, class Field, class Predicate>
rule<Class> check(Field Class::*field, std::string message, Predicate predicate) {
    std::string_view const name = detail::name_of_field(field);
    return [=](Class const& value, failures& found) {
        detail::look_at(value.*field, [&](auto const& v) {
            if (!predicate(v))
                found.add(name, message);
        });
    };
}

/// A field must meet these criteria: `check(&player::name, not_empty(), longest(32))`. The first that it does not meet
/// is told.
template <class Class, class Field, class... Predicates>
rule<Class> check(Field Class::*field, criterion<Predicates>... criteria) {
    static_assert(sizeof...(criteria) != 0, "check needs a criterion");
    std::string_view const name = detail::name_of_field(field);
    return [=](Class const& value, failures& found) {
        detail::look_at(value.*field, [&](auto const& v) {
            std::string const* broken = nullptr;
            ((broken = broken == nullptr && !criteria.predicate(v) ? &criteria.message : broken), ...);
            if (broken != nullptr)
                found.add(name, *broken);
        });
    };
}

/// What a field holds must meet these rules.
template <class Class, class Field, class... Rules>
rule<Class> within(Field Class::*field, Rules... rules) {
    std::string_view const name = detail::name_of_field(field);
    return [=](Class const& value, failures& found) {
        failures::inside const here(found, name);
        detail::look_at(value.*field, [&](auto const& v) { (rules(v, found), ...); });
    };
}

/// Each element of a field must meet these rules.
template <class Class, class Field, class... Rules>
rule<Class> each(Field Class::*field, Rules... rules) {
    std::string_view const name = detail::name_of_field(field);
    return [=](Class const& value, failures& found) {
        failures::inside const here(found, name);
        detail::look_at(value.*field, [&](auto const& elements) {
            std::size_t i = 0;
            for (auto const& element : elements) {
                failures::inside const there(found, i++);
                (rules(element, found), ...);
            }
        });
    };
}

} // namespace joust::game
