//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstdint>
#include <string_view>

namespace joust::http2 {

/// What RFC 9113, 8.2 and 8.3 ask of a request's fields, but for the characters of `:authority`: used in place of
/// nghttp2's own check, which cannot be told to let a path through there.
class field_check {
public:
    /// False: the request is malformed.
    bool accept(std::string_view name, std::string_view value) noexcept;

private:
    bool accept_pseudo(std::string_view name) noexcept;

    std::uint8_t seen_ = 0; // pseudo-header fields, a bit each
    bool regular_ = false;  // a field that is none was seen
};

} // namespace joust::http2
