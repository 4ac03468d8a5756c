//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"

#include <cstddef>
#include <string_view>

namespace joust {

/// A way to make messages smaller. gzip, deflate and zstd are built in (`compressors::standard`); derive from it to
/// bring another.
///
/// *Thread safety*: one object serves all calls of a server or channel, so both functions must be safe.
class compressor {
public:
    compressor() = default;
    compressor(compressor const&) = delete;
    compressor& operator=(compressor const&) = delete;
    virtual ~compressor() = default;

    /// What `grpc-encoding` calls it: at most 22 of `[a-z0-9_.-]`, the same for life.
    virtual std::string_view name() const noexcept = 0;

    /// Appends the compressed message to `out`. What is not smaller than the message is thrown away, and the message
    /// sent as it is.
    virtual status compress(std::string_view message, buffer& out) const = 0;

    /// Appends the message to `out`, which is empty, but never more than `limit` bytes and a few: that a message is
    /// too large must show while it unfolds.
    ///
    /// *Errors*: `too_large(limit)`, `corrupt()`, `cut_short()`, or what else went wrong.
    virtual status decompress(std::string_view compressed, std::size_t limit, buffer& out) const = 0;

protected:
    /// RESOURCE_EXHAUSTED: the message is larger than the limit.
    status too_large(std::size_t limit) const;
    /// INTERNAL: the bytes are not this encoding's.
    status corrupt() const;
    /// INTERNAL: the bytes end too early.
    status cut_short() const;
};

} // namespace joust
