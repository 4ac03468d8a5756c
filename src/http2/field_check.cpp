//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/field_check.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>

namespace joust::http2 {

namespace {

std::uint8_t const* bytes(std::string_view s) noexcept {
    return reinterpret_cast<std::uint8_t const*>(s.data());
}

} // namespace

bool field_check::accept_pseudo(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 4> known = {":method", ":scheme", ":path", ":authority"};
    auto const at = std::find(known.begin(), known.end(), name);
    auto const bit = static_cast<std::uint8_t>(1U << (at - known.begin()));
    if (at == known.end() || regular_ || (seen_ & bit) != 0)
        return false;
    seen_ = static_cast<std::uint8_t>(seen_ | bit);
    return true;
}

bool field_check::accept(std::string_view name, std::string_view value) noexcept {
    constexpr std::array<std::string_view, 5> of_http_1 = {"connection", "keep-alive", "proxy-connection",
                                                           "transfer-encoding", "upgrade"};
    if (nghttp2_check_header_value(bytes(value), value.size()) == 0)
        return false;
    if (name.starts_with(':'))
        return accept_pseudo(name);
    regular_ = true;
    return nghttp2_check_header_name(bytes(name), name.size()) != 0 &&
           std::find(of_http_1.begin(), of_http_1.end(), name) == of_http_1.end();
}

} // namespace joust::http2
