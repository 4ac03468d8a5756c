//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a server's stream does with a request that is not gRPC's.

#include "net/server_connection.hpp"
#include "net/server_stream.hpp"

#include <optional>
#include <utility>

namespace joust::net {

void server_stream::begin_http(std::span<header_field const> fields, bool end_stream, bool oversized) {
    http_ = std::make_unique<http_exchange>(fields, connection_.peer(), connection_.settings().max_http_body_size);
    if (oversized)
        answer_http(http_exchange::headers_too_large(connection_.settings().call.max_header_list_size));
    else if (end_stream)
        ask_fallback();
}

void server_stream::on_http_data(std::string_view bytes, bool end_stream) {
    consume(bytes.size());
    if (!http_->on_data(bytes))
        answer_http(http_exchange::too_large(connection_.settings().max_http_body_size));
    else if (end_stream)
        ask_fallback();
}

void server_stream::ask_fallback() {
    stream_use const keep(*this);
    http_->request().draining = connection_.draining();
    auto response = connection_.acceptor_->on_http(*this, http_->request());
    if (!http_) // the handler has closed the connection
        return;
    if (response) {
        answer_http(std::move(*response));
        return;
    }
    http_.reset();
    call_.refuse_http();
}

void server_stream::answer_http(http_response response) {
    auto const exchange = std::move(http_);
    auto const fields = exchange->head(response);
    bool const bodiless = response.body.empty() || exchange->request().method == "HEAD";
    send_headers(fields, bodiless);
    if (bodiless)
        return;
    buffer body;
    body.append(response.body);
    send_data(body);
    send_end();
}

} // namespace joust::net
