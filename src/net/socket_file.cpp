//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/socket_file.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace joust::net {

namespace asio = boost::asio;
using boost::system::error_code;

error_code socket_file::remove_stale(std::string const& path, asio::any_io_executor const& executor) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0)
        return errno == ENOENT ? error_code() : error_code(errno, boost::system::system_category());
    if (!S_ISSOCK(found.st_mode))
        return asio::error::address_in_use;
    // A socket in a file answers at once, one way or the other.
    asio::local::stream_protocol::socket probe(executor);
    error_code ec;
    probe.connect(asio::local::stream_protocol::endpoint(path), ec);
    if (ec != asio::error::connection_refused)
        return asio::error::address_in_use;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return error_code(errno, boost::system::system_category());
    return {};
}

void socket_file::own(std::string path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0)
        return;
    path_ = std::move(path);
    device_ = found.st_dev;
    inode_ = found.st_ino;
}

void socket_file::remove() noexcept {
    struct stat found {};
    if (!path_.empty() && ::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_)
        ::unlink(path_.c_str());
    path_.clear();
}

} // namespace joust::net
