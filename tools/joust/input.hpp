//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace joust::cli {

/// Standard input, read when there is something to read: without a thread, and without making it non-blocking, which
/// every program on the same terminal would get to feel.
class input {
public:
    explicit input(boost::asio::any_io_executor const& executor);

    /// The next line without its end, or nothing when there are no more.
    boost::asio::awaitable<result<std::optional<std::string>>> read_line();
    /// All that is left.
    boost::asio::awaitable<result<std::string>> read_all();

    /// Lets a read that waits end with an error.
    void close();

private:
    /// Reads more; false at the end.
    boost::asio::awaitable<result<bool>> fill();

    boost::asio::posix::stream_descriptor readable_; // not open if reading never waits
    std::string text_;
    std::size_t taken_ = 0;
    bool at_end_ = false;
};

} // namespace joust::cli
