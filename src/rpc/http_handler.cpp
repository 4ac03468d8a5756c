//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/rpc/http_handler.hpp"

#include <string_view>

namespace joust {

std::optional<http_response> serve_healthz(http_request const& request) {
    std::string_view const path = std::string_view(request.path).substr(0, request.path.find('?'));
    if (path != "/healthz")
        return std::nullopt;
    if (request.method != "GET" && request.method != "HEAD")
        return http_response{405, {{"allow", "GET, HEAD"}}, {}};
    http_response r;
    r.status = request.draining ? 503 : 200;
    r.headers = {{"content-type", "text/plain; charset=utf-8"}, {"cache-control", "no-store"}};
    r.body = request.draining ? "draining\n" : "serving\n";
    return r;
}

} // namespace joust
