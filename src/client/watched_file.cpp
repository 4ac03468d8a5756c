//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/watched_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace joust::client {

namespace {

class descriptor {
public:
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

std::string text_of(int error) {
    return error_code(error, boost::system::system_category()).message();
}

} // namespace

std::optional<watched_file::stamp> watched_file::look() const {
    struct stat found {};
    if (::stat(path_.c_str(), &found) != 0)
        return std::nullopt;
    return stamp{found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_size, found.st_ino, found.st_dev};
}

bool watched_file::changed() const {
    return look() != seen_;
}

status watched_file::failed(std::string const& why) const {
    return status(status_code::unavailable, "file " + path_ + ": " + why);
}

result<std::string> watched_file::read() {
    // Looked at before it is read: what changes in between is seen as a change the next time.
    seen_ = look();
    // A FIFO must not hold up the executor.
    descriptor const file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat found {};
    if (file.get() < 0 || ::fstat(file.get(), &found) != 0)
        return failed(text_of(errno));
    if (!S_ISREG(found.st_mode))
        return failed("not a regular file");
    std::string text;
    char block[16 * 1024];
    while (true) {
        ssize_t const n = ::read(file.get(), block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(text_of(errno));
        if (n == 0)
            return text;
        text.append(block, static_cast<std::size_t>(n));
        if (text.size() > max_size)
            return failed("more than " + std::to_string(max_size) + " bytes");
    }
}

} // namespace joust::client
