//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/transport.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <utility>

namespace joust::net {

/// Both ends of a connection in memory, each on an executor of its own.
std::pair<std::unique_ptr<transport>, std::unique_ptr<transport>>
make_in_process_pair(boost::asio::any_io_executor const& first, boost::asio::any_io_executor const& second);

} // namespace joust::net
