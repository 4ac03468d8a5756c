//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <joust/core/result.hpp>
#include <joust/game/json.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <iomanip>
#include <iostream>
#include <string>
#include <type_traits>
#include <utility>

template <class T>
std::string as_json(T const& value) {
    if constexpr (std::is_convertible_v<T, std::string>)
        return value;
    else
        return joust::json::encode_to_string(value).value();
}

/// Ends a line with the time since the one before.
inline void end_line() {
    using clock = std::chrono::steady_clock;
    static clock::time_point before = clock::now();
    std::chrono::duration<double, std::milli> const taken = clock::now() - std::exchange(before, clock::now());
    std::cout << std::fixed << std::setprecision(2) << "   (" << taken.count() << " ms)" << std::endl;
}

/// Prints a call and what came of it.
template <class Arguments, class T>
void show(char const* name, Arguments const& arguments, joust::result<T> const& answer) {
    std::cout << name << ' ' << as_json(arguments) << " -> ";
    if (answer.has_error())
        std::cout << answer.error();
    else if constexpr (std::is_void_v<T>)
        std::cout << "ok";
    else
        std::cout << as_json(*answer);
    end_line();
}
