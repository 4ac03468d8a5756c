//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <stdexcept>

namespace joust {

/// What `result<T>::value()` throws for a failed call, and what a handler throws to choose its status.
class rpc_error : public std::runtime_error {
public:
    explicit rpc_error(joust::status s) : std::runtime_error(s.to_string()), status_(std::move(s)) {}
    explicit rpc_error(status_code code, std::string message = {})
        : rpc_error(joust::status(code, std::move(message))) {}

    joust::status const& status() const noexcept { return status_; }

private:
    joust::status status_;
};

/// A value, or the status that stands in its place. `value()` throws `rpc_error`.
template <class T>
using result = boost::system::result<T, status>;

/// Found by argument-dependent lookup from `result<T>::value()`.
[[noreturn]] void throw_exception_from_error(status const& s, boost::source_location const& where);

} // namespace joust
