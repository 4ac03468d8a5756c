//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust {

/// Names (in lower case) and values, in order.
using http_headers = std::vector<std::pair<std::string, std::string>>;

/// An HTTP request that is not gRPC's, complete.
struct http_request {
    std::string method = {}; ///< `GET`
    std::string path = {};   ///< with the query, as it came
    std::string authority = {};
    http_headers headers = {}; ///< without pseudo-header fields
    std::string body = {};
    std::string peer = {};
    bool draining = false; ///< the server is about to stop

    /// The first value of this name, or empty.
    std::string_view header(std::string_view name) const noexcept {
        for (auto const& [n, v] : headers)
            if (n == name)
                return v;
        return {};
    }
};

struct http_response {
    int status = 200;
    http_headers headers = {}; ///< `content-length` is added
    std::string body = {};
};

} // namespace joust
