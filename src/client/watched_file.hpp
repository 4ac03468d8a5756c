//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace joust::client {

/// A small text file that others replace or write to.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class watched_file {
public:
    /// What is read at most, in bytes: enough for 10,000 addresses with comments.
    static constexpr std::size_t max_size = 8 * 1024 * 1024;

    explicit watched_file(std::string path) : path_(std::move(path)) {}

    /// True when the file is another one than at the last `read`: by its time, size and inode, or as it came or went.
    bool changed() const;
    /// What is in it, or UNAVAILABLE that names the file and what is wrong.
    result<std::string> read();

    std::string const& path() const noexcept { return path_; }

private:
    struct stamp {
        std::int64_t seconds = 0;
        std::int64_t nanoseconds = 0;
        off_t size = 0;
        ino_t inode = 0;
        dev_t device = 0;
        bool operator==(stamp const&) const = default;
    };

    std::optional<stamp> look() const;
    status failed(std::string const& why) const;

    std::string path_;
    std::optional<stamp> seen_; // none: there was no file
};

} // namespace joust::client
