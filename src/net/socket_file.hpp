//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>

namespace joust::net {

/// The file of a Unix socket that this process listens at.
class socket_file {
public:
    socket_file() = default;
    socket_file(socket_file const&) = delete;
    socket_file& operator=(socket_file const&) = delete;
    ~socket_file() { remove(); }

    /// Removes a socket at `path` that nobody listens at: a process left it behind. `address_in_use` when somebody
    /// does, or when it is no socket.
    static boost::system::error_code remove_stale(std::string const& path,
                                                  boost::asio::any_io_executor const& executor);

    /// A socket has been bound at `path`: its file is removed at the end, unless it is another one's by then.
    void own(std::string path);
    void remove() noexcept;

private:
    std::string path_;
    std::uint64_t device_ = 0;
    std::uint64_t inode_ = 0;
};

} // namespace joust::net
