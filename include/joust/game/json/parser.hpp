//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/json/options.hpp"
#include "joust/game/json/value_view.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace joust::json {

/// Parses JSON texts one after the other and keeps its storage for the next: at steady state it allocates nothing.
///
/// The storage is about 15 bytes for each byte of the longest text so far.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class parser {
public:
    parser() noexcept;
    parser(parser&&) noexcept;
    parser& operator=(parser&&) noexcept;
    ~parser();

    /// Parses all of the text, which need not be padded and is not needed afterwards.
    ///
    /// *Errors*: INVALID_ARGUMENT, `"invalid JSON at offset 17: ..."`, for what RFC 8259 does not allow, and for what
    /// it leaves to the reader: invalid UTF-8, unpaired surrogates, integers beyond 64 bits, numbers beyond a double,
    /// a byte order mark, more nesting than the options allow. Duplicate keys are left to whoever reads the value.
    /// RESOURCE_EXHAUSTED if there is no memory, or the text is longer than 4 GiB.
    ///
    /// *Lifetime*: the value lives until the next call, `shrink`, a move or the destructor.
    result<value_view> parse(std::string_view text, decode_options const& options = {});

    /// Gives the storage back if it is for texts longer than `longest`.
    void shrink(std::size_t longest) noexcept;

private:
    struct storage;
    std::unique_ptr<storage> storage_;
};

} // namespace joust::json
