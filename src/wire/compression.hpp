//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/wire/compressor.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace joust::wire {

// The built-in compressors.
std::shared_ptr<compressor const> make_gzip();
std::shared_ptr<compressor const> make_deflate(); ///< in zlib's format (RFC 1950), as all of gRPC means it
std::shared_ptr<compressor const> make_zstd();

/// No encoding at all.
inline bool is_identity(std::string_view encoding) noexcept {
    return encoding.empty() || encoding == "identity";
}

/// Whether a `grpc-accept-encoding` lists this name.
bool accepts(std::string_view accept_encoding, std::string_view name) noexcept;

/// The compressor's work, whatever a user's does: exceptions become INTERNAL, and the limit holds. `out` is cleared
/// when it fails.
status decompress(compressor const& c, std::string_view compressed, std::size_t limit, buffer& out);

/// True when `pack` would leave the message as it is: the hot path, for which a status costs too much.
inline bool is_packed(buffer const& framed, compressor const* encoding) noexcept {
    return encoding == nullptr && framed.data()[0] == 0;
}

/// Makes a framed message what is to be sent in a call with this encoding (null: none): compressed, unless it is marked
/// (`keep_plain`), was compressed before, or would not be smaller.
///
/// *Errors*: INTERNAL; `framed` is then unchanged.
status pack(buffer& framed, compressor const* encoding);

} // namespace joust::wire
