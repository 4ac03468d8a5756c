//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "options.hpp"
#include "report.hpp"

#include "joust/game/client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string_view>

namespace joust::cli {

/// A client for the one call that is to be made, on an executor that one thread runs.
game::client make_client(boost::asio::any_io_executor const& executor, options const& o,
                         std::shared_ptr<progress> told);
game::call_options call_options_of(options const& o);

/// Prints an answer as it came, if it is JSON. Returns the exit code.
int print_json(std::string_view text);

inline int exit_code_of(status const& s) noexcept {
    return static_cast<int>(s.code());
}

} // namespace joust::cli
