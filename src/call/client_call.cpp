//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "call/client_call.hpp"

#include "joust/wire/head.hpp"
#include "joust/wire/timeout.hpp"
#include "wire/compression.hpp"

#include <string>

namespace joust::call {

namespace {

status reset_status(http2::error_code code) {
    return status(wire::status_from_reset(static_cast<std::uint32_t>(code)),
                  "the stream was reset with " + std::string(http2::to_string(code)), status_origin::peer,
                  code == http2::error_code::refused_stream ? connection_error::refused_stream
                                                            : connection_error::stream_reset);
}

/// What the response's headers make impossible, or OK.
status refuse(wire::response_head const& head) {
    if (head.http_status != 200)
        return status(wire::status_from_http(head.http_status),
                      "the server answered with HTTP status " + std::to_string(head.http_status), status_origin::peer);
    if (!head.is_grpc)
        return status(status_code::unknown,
                      "the server answered with content-type '" + std::string(head.content_type) + "'",
                      status_origin::peer);
    return {};
}

status more_than_one_message() {
    return status(status_code::internal, "the answer must have one message, it has more", status_origin::peer);
}

/// What is wrong with what came: broken messages are the server's doing, and its circuit breaker is to know; those that
/// are too large are not.
status of_messages(status why) {
    if (why.code() == status_code::internal)
        why.set_origin(status_origin::peer);
    return why;
}

} // namespace

void client_call::open(limits const& l, std::optional<time_point> deadline) noexcept {
    out_ = nullptr;
    limits_ = l;
    known_ = nullptr;
    encoding_ = nullptr;
    only_message_ = false;
    in_.reset(l.max_receive_message_size);
    half_closed_ = headers_received_ = stream_ended_ = done_ = false;
    outcome_ = {};
    initial_metadata_.clear();
    trailing_metadata_.clear();
    deadline_ = deadline;
}

std::span<header_field const> client_call::request_headers(request_start const& start) {
    known_ = start.known;
    encoding_ = start.encoding;
    scratch_.clear();
    scratch_.add_static(":method", "POST");
    scratch_.add_static(":scheme", start.secure ? "https" : "http");
    scratch_.add(":path", start.path);
    scratch_.add(":authority", start.authority);
    scratch_.add_static("te", "trailers");
    if (start.timeout)
        scratch_.add_unique("grpc-timeout", wire::timeout_text(*start.timeout).view());
    scratch_.add_static("content-type", "application/grpc");
    if (encoding_ != nullptr)
        scratch_.add_static("grpc-encoding", encoding_->name());
    if (known_ != nullptr && !known_->empty())
        scratch_.add_static("grpc-accept-encoding", known_->accepted());
    scratch_.add("user-agent", start.user_agent);
    if (start.custom != nullptr)
        scratch_.add_metadata(*start.custom);
    return scratch_.fields();
}

status client_call::send_message(buffer& framed) {
    if (done_)
        return outcome_.ok() ? status(status_code::failed_precondition, "the call has ended") : outcome_;
    if (half_closed_)
        return status(status_code::failed_precondition, "a message was written after the last one");
    if (status s = check_send_limit(limits_, framed.size() - wire::prefix_size); !s.ok())
        return s;
    if (!wire::is_packed(framed, encoding_))
        if (status s = wire::pack(framed, encoding_); !s.ok())
            return s;
    out_->send_data(framed);
    return {};
}

void client_call::half_close() {
    if (half_closed_ || done_)
        return;
    half_closed_ = true;
    out_->send_end();
}

read_state client_call::read(buffer& into) {
    read_state const s = in_.read(into);
    return_window();
    if (s != read_state::failed)
        return s;
    if (done_ && outcome_.ok())
        outcome_ = of_messages(in_.error()); // it unfolds only now, behind the peer's success
    abort(of_messages(in_.error()));
    return s;
}

result<buffer> client_call::read_only() {
    buffer message;
    switch (in_.read(message)) {
    case read_state::message: break;
    case read_state::failed: return of_messages(in_.error());
    default: return status(status_code::internal, "the answer must have one message, it has none", status_origin::peer);
    }
    buffer second;
    switch (in_.read(second)) {
    case read_state::end: return message;
    case read_state::failed: return of_messages(in_.error());
    default: return more_than_one_message();
    }
}

void client_call::return_window() {
    if (std::size_t const n = in_.take_consumed(); n != 0 && out_ != nullptr && !in_.ended())
        out_->consume(n);
}

void client_call::on_headers(std::span<header_field const> fields, bool end_stream, bool oversized) {
    if (done_)
        return;
    stream_ended_ = end_stream;
    if (oversized) {
        abort(status(status_code::resource_exhausted, "the response headers exceed max_header_list_size of " +
                                                          std::to_string(limits_.max_header_list_size) + " bytes"));
        return;
    }
    if (headers_received_ || end_stream) {
        on_trailers(fields);
        return;
    }
    wire::response_head head;
    wire::parse_response_head(fields, head, initial_metadata_);
    if (head.http_status >= 100 && head.http_status < 200) {
        initial_metadata_.clear();
        return;
    }
    headers_received_ = true;
    if (status const bad = refuse(head); !bad.ok())
        abort(bad);
    else if (!wire::is_identity(head.encoding))
        on_encoding(head.encoding);
}

void client_call::on_encoding(std::string_view name) {
    compressor const* const found = known_ != nullptr ? known_->find(name) : nullptr;
    if (found == nullptr)
        abort(status(status_code::internal, "the server answered with grpc-encoding '" + std::string(name) + "'",
                     status_origin::peer));
    in_.set_encoding(found);
}

void client_call::on_trailers(std::span<header_field const> fields) {
    wire::response_head head;
    wire::parse_response_head(fields, head, trailing_metadata_);
    bool const trailers_only = !headers_received_;
    in_.on_end();
    if (head.has_status && (!trailers_only || head.http_status == 200)) {
        if (head.status.ok())
            if (status broken = in_.check_end(); !broken.ok())
                head.status = of_messages(std::move(broken));
        complete(std::move(head.status), true);
        return;
    }
    if (trailers_only) {
        if (status const bad = refuse(head); !bad.ok()) {
            complete(bad, false);
            return;
        }
    }
    complete(status(status_code::unknown, "the server ended the call without grpc-status", status_origin::peer), true);
}

void client_call::on_data(std::string_view bytes, bool end_stream) {
    if (done_)
        return;
    if (!headers_received_) {
        abort(status(status_code::internal, "the server sent a message before its headers", status_origin::peer));
        return;
    }
    in_.on_data(bytes);
    return_window();
    if (only_message_ && (in_.failed() || in_.has_surplus())) {
        abort(in_.failed() ? of_messages(in_.error()) : more_than_one_message());
        return;
    }
    if (!end_stream)
        return;
    stream_ended_ = true;
    in_.on_end();
    complete(status(status_code::unknown, "the server ended the call without trailers", status_origin::peer), true);
}

void client_call::on_closed(http2::error_code code, time_point now) {
    out_ = nullptr;
    if (done_)
        return;
    if (code == http2::error_code::cancel && deadline_ && now >= *deadline_)
        complete(status(status_code::deadline_exceeded, "the deadline passed"), false);
    else
        complete(reset_status(code), false);
}

void client_call::abort(status why) {
    if (done_)
        return;
    complete(std::move(why), false);
}

void client_call::complete(status outcome, bool keep_messages) {
    done_ = true;
    outcome_ = std::move(outcome);
    if (!keep_messages)
        in_.discard();
    if (out_ == nullptr)
        return;
    if (!stream_ended_)
        out_->reset(http2::error_code::cancel);
    else if (!half_closed_)
        out_->reset(http2::error_code::no_error);
}

} // namespace joust::call
