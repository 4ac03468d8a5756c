//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/header_field.hpp"
#include "joust/core/http_message.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace joust::net {

/// A request that is not gRPC's while it comes, and its answer as header fields.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class http_exchange {
public:
    http_exchange(std::span<header_field const> fields, std::string_view peer, std::size_t max_body);

    /// False: the body is larger than it may be.
    bool on_data(std::string_view bytes);
    http_request& request() noexcept { return request_; }

    /// The fields of the response; they live as long as it and this. One that cannot be sent becomes a 500.
    std::span<header_field const> head(http_response& response);

    static http_response too_large(std::size_t max_body);
    static http_response headers_too_large(std::size_t limit);

private:
    http_request request_;
    std::size_t max_body_;
    std::string status_text_;
    std::string length_text_;
    std::vector<header_field> fields_;
};

} // namespace joust::net
