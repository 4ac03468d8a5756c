//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/header_field.hpp"
#include "joust/core/metadata.hpp"
#include "joust/core/status.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace joust::wire {

/// What a request's header block says. The views live as long as the fields that were parsed.
struct request_head {
    std::string_view path;
    std::string_view authority;       ///< `:authority`, or `host` when that is missing
    std::string_view content_subtype; ///< what follows `application/grpc+`, without parameters, or empty
    std::string_view encoding;        ///< `grpc-encoding`, or empty
    std::string_view accept_encoding; ///< `grpc-accept-encoding`, or empty
    std::optional<std::chrono::nanoseconds> timeout;
};

/// What to do about a request's header block.
struct head_verdict {
    int http_status = 200; ///< 415 for a content-type that is not gRPC's, 405 for a method other than POST, else 200
    joust::status status;  ///< OK, or the status to refuse the call with
    bool ok() const noexcept { return http_status == 200 && status.ok(); }
};

/// Reads a request's header block into `head`; custom metadata is appended to `custom`, `-bin` values decoded and split
/// at commas.
///
/// Not in `custom`: pseudo-header fields, `host`, `te`, `content-type`, `content-length` and `grpc-...`, but for
/// `grpc-previous-rpc-attempts`, `grpc-retry-pushback-ms`, `grpc-trace-bin` and `grpc-tags-bin`. `user-agent` is there.
///
/// *Errors*: by the first of method other than POST (405), content-type other than `application/grpc` with nothing,
/// `+x` or `;x` behind it (415), no `te: trailers`, malformed `grpc-timeout` or base64 of a `-bin` value. All have
/// status INTERNAL. Duplicate or missing pseudo-header fields are the business of the HTTP/2 layer.
head_verdict parse_request_head(std::span<header_field const> fields, request_head& head, metadata& custom);

/// What a response's header block or trailers say.
struct response_head {
    int http_status = 0;  ///< `:status`, 0 when absent (trailers)
    bool is_grpc = false; ///< content-type was application/grpc
    std::string_view content_type;
    std::string_view encoding; ///< `grpc-encoding`, or empty
    bool has_status = false;   ///< `grpc-status` was there
    joust::status status;      ///< from `grpc-status`, `grpc-message`, `grpc-status-details-bin`; origin peer
};

/// Reads a response's header block or trailers into `head`; custom metadata is appended to `custom` as by
/// `parse_request_head`. A `-bin` value that is not base64 is dropped, so are such details of a status. A `grpc-status`
/// that is not a number of the set becomes UNKNOWN with a message that quotes it.
void parse_response_head(std::span<header_field const> fields, response_head& head, metadata& custom);

/// The status of a response without `grpc-status`, by its HTTP status (400 INTERNAL, 401 UNAUTHENTICATED, 403
/// PERMISSION_DENIED, 404 UNIMPLEMENTED, 429/502/503/504 UNAVAILABLE, other UNKNOWN).
status_code status_from_http(int http_status) noexcept;

/// The status of a stream that was reset, by the HTTP/2 error code (REFUSED_STREAM UNAVAILABLE, CANCEL CANCELLED,
/// ENHANCE_YOUR_CALM RESOURCE_EXHAUSTED, INADEQUATE_SECURITY PERMISSION_DENIED, other INTERNAL).
status_code status_from_reset(std::uint32_t http2_error) noexcept;

} // namespace joust::wire
