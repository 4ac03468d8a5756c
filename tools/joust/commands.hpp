//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "options.hpp"
#include "report.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace joust::cli {

/// Each runs its command and returns the exit code. The options outlive it.
boost::asio::awaitable<int> run_call(options const& o, std::shared_ptr<progress> told);
boost::asio::awaitable<int> run_stream(options const& o, std::shared_ptr<progress> told);
/// `list`, `describe` and `stats`.
boost::asio::awaitable<int> run_introspection(options const& o, std::shared_ptr<progress> told);

} // namespace joust::cli
