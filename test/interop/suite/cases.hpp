//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/channel.hpp"
#include "suite/client_flags.hpp"

#include <boost/asio/awaitable.hpp>

#include <span>
#include <string_view>

namespace joust::test::interop {

/// One `--test_case`. It throws when the server does not do what the description of the case asks for.
struct test_case {
    std::string_view name;
    boost::asio::awaitable<void> (*run)(channel via, client_flags const& flags);
};

std::span<test_case const> unary_cases();
std::span<test_case const> stream_cases();
std::span<test_case const> status_cases();
std::span<test_case const> soak_cases();
/// Against a server that misuses HTTP/2, a way for each case.
std::span<test_case const> http2_cases();

/// The case with this name, or null.
test_case const* find_case(std::string_view name);

} // namespace joust::test::interop
