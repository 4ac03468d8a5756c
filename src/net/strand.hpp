//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

namespace joust::net {

/// A new strand over the executor.
///
/// Asio copies a socket's executor for every operation. A strand over an io_context's own executor fits into
/// any_io_executor; one over any_io_executor does not, and its copies, like the questions that a strand asks of an
/// erased executor, cost six allocations for a read and a write.
inline boost::asio::any_io_executor make_strand(boost::asio::any_io_executor const& over) {
    if (auto const* const native = over.target<boost::asio::io_context::executor_type>())
        return boost::asio::make_strand(*native);
    return boost::asio::make_strand(over);
}

} // namespace joust::net
