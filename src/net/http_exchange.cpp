//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/http_exchange.hpp"

#include <algorithm>
#include <array>

namespace joust::net {

namespace {

// RFC 9113, 8.2.2: they belong to HTTP/1.1. The length is ours to say.
constexpr std::array<std::string_view, 6> not_sent = {"connection", "keep-alive",        "proxy-connection",
                                                      "upgrade",    "transfer-encoding", "content-length"};

bool is_token(std::string_view name) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
}

bool is_value(std::string_view value) noexcept {
    return std::all_of(value.begin(), value.end(),
                       [](char c) { return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) || c == '\t'; });
}

bool sendable(http_response const& r) noexcept {
    return r.status >= 200 && r.status <= 599 && std::all_of(r.headers.begin(), r.headers.end(), [](auto const& h) {
               return is_token(h.first) && is_value(h.second);
           });
}

http_response text(int status, std::string body) {
    return {status, {{"content-type", "text/plain; charset=utf-8"}}, std::move(body)};
}

} // namespace

http_exchange::http_exchange(std::span<header_field const> fields, std::string_view peer, std::size_t max_body)
    : max_body_(max_body) {
    request_.peer = peer;
    for (header_field const& f : fields) {
        if (f.name == ":method")
            request_.method = f.value;
        else if (f.name == ":path")
            request_.path = f.value;
        else if (f.name == ":authority")
            request_.authority = f.value;
        else if (!f.name.starts_with(':'))
            request_.headers.emplace_back(f.name, f.value);
    }
}

bool http_exchange::on_data(std::string_view bytes) {
    if (bytes.size() > max_body_ - request_.body.size())
        return false;
    request_.body.append(bytes);
    return true;
}

std::span<header_field const> http_exchange::head(http_response& response) {
    if (!sendable(response))
        response = text(500, "the handler's answer cannot be sent\n");
    status_text_ = std::to_string(response.status);
    length_text_ = std::to_string(response.body.size());
    fields_.clear();
    fields_.push_back({":status", status_text_, false});
    for (auto const& [name, value] : response.headers)
        if (std::find(not_sent.begin(), not_sent.end(), name) == not_sent.end())
            fields_.push_back({name, value, false});
    if (response.status != 204 && response.status != 304) // RFC 9110, 8.6
        fields_.push_back({"content-length", length_text_, false});
    return fields_;
}

http_response http_exchange::too_large(std::size_t max_body) {
    return text(413, "the body exceeds max_http_body_size of " + std::to_string(max_body) + " bytes\n");
}

http_response http_exchange::headers_too_large(std::size_t limit) {
    return text(431, "the request headers exceed max_header_list_size of " + std::to_string(limit) + " bytes\n");
}

} // namespace joust::net
