//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

namespace joust::game {

/// What a field must be, and how that is told.
template <class Predicate>
struct criterion {
    std::string message;
    Predicate predicate;
};

namespace detail {

std::string limit_text(long long number);
std::string limit_text(unsigned long long number);
std::string limit_text(double number);

template <class Number>
std::string limit_text_of(Number number) {
    if constexpr (std::floating_point<Number>)
        return limit_text(static_cast<double>(number));
    else if constexpr (std::signed_integral<Number>)
        return limit_text(static_cast<long long>(number));
    else
        return limit_text(static_cast<unsigned long long>(number));
}

template <class A, class B>
bool not_above(A a, B b) {
    if constexpr (std::integral<A> && std::integral<B>)
        return std::cmp_less_equal(a, b);
    else
        return static_cast<double>(a) <= static_cast<double>(b);
}

struct holds_something {
    template <class Container>
    bool operator()(Container const& c) const {
        return !c.empty();
    }
};

struct at_most_so_long {
    std::size_t limit;

    template <class Container>
    bool operator()(Container const& c) const {
        return c.size() <= limit;
    }
};

template <class Limit>
struct in_range {
    bool has_least;
    Limit least;
    bool has_most;
    Limit most;

    template <class Number>
    bool operator()(Number number) const {
        return (!has_least || not_above(least, number)) && (!has_most || not_above(number, most));
    }
};

template <class T>
concept number = std::is_arithmetic_v<T> && !std::same_as<T, bool>;

} // namespace detail

/// Texts and containers.
inline criterion<detail::holds_something> not_empty() {
    return {"must not be empty", {}};
}
/// Texts (in bytes) and containers.
inline criterion<detail::at_most_so_long> longest(std::size_t limit) {
    return {"must be at most " + detail::limit_text_of(limit) + " long", {limit}};
}

/// Numbers; NaN meets none of these.
template <detail::number Limit>
criterion<detail::in_range<Limit>> at_most(Limit limit) {
    return {"must be at most " + detail::limit_text_of(limit), {false, {}, true, limit}};
}
template <detail::number Limit>
criterion<detail::in_range<Limit>> at_least(Limit limit) {
    return {"must be at least " + detail::limit_text_of(limit), {true, limit, false, {}}};
}
template <detail::number Limit>
criterion<detail::in_range<Limit>> between(Limit least, Limit most) {
    return {"must be from " + detail::limit_text_of(least) + " to " + detail::limit_text_of(most),
            {true, least, true, most}};
}

} // namespace joust::game
