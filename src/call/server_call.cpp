//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "call/server_call.hpp"

#include "joust/wire/head.hpp"
#include "wire/compression.hpp"

#include <array>

namespace joust::call {

namespace {

constexpr std::array<header_field, 2> plain_headers{{
    {":status", "200", true},
    {"content-type", "application/grpc", true},
}};
constexpr std::array<header_field, 1> plain_success{{{"grpc-status", "0", true}}};
constexpr std::array<header_field, 1> not_grpc{{{":status", "415", true}}};
constexpr std::array<header_field, 2> not_post{{{":status", "405", true}, {"allow", "POST", true}}};

bool is_plain_success(status const& s, metadata const& trailing) noexcept {
    return s.ok() && trailing.empty() && s.message().empty() && s.details().empty();
}

} // namespace

void server_call::open(outbound& out, limits const& l, compressors const* known) noexcept {
    out_ = &out;
    limits_ = l;
    known_ = known;
    encoding_ = nullptr;
    in_.reset(l.max_receive_message_size);
    headers_sent_ = false;
    finished_ = false;
    offer_encodings_ = false;
    outcome_ = {};
    request_metadata_.clear();
    initial_metadata_.clear();
    deadline_.reset();
}

bool server_call::on_headers(std::span<header_field const> fields, bool end_stream, bool oversized, time_point now) {
    if (end_stream)
        in_.on_end();
    wire::request_head head;
    wire::head_verdict const verdict = wire::parse_request_head(fields, head, request_metadata_);
    path_.assign(head.path);
    authority_.assign(head.authority);
    content_subtype_.assign(head.content_subtype);
    accepted_.assign(head.accept_encoding);
    if (head.timeout)
        deadline_ = *head.timeout < time_point::max() - now ? now + *head.timeout : time_point::max();
    if (oversized) {
        refuse(200,
               status(status_code::resource_exhausted, "the request headers exceed max_header_list_size of " +
                                                           std::to_string(limits_.max_header_list_size) + " bytes"));
        return false;
    }
    if (!verdict.ok()) {
        refuse(verdict.http_status, verdict.status);
        return false;
    }
    return wire::is_identity(head.encoding) || accept_encoding(head.encoding);
}

bool server_call::accept_encoding(std::string_view name) {
    offer_encodings_ = true; // the client shows interest
    compressor const* const found = known_ != nullptr ? known_->find(name) : nullptr;
    if (found == nullptr)
        refuse(200, status(status_code::unimplemented, "grpc-encoding '" + std::string(name) + "' is not supported"));
    in_.set_encoding(found);
    return found != nullptr;
}

void server_call::refuse(int http_status, status const& why) {
    if (http_status == 200) {
        abort(why);
        return;
    }
    finished_ = true;
    outcome_ = status(status_code::internal, "refused with HTTP status " + std::to_string(http_status));
    stop_reading();
    if (http_status == 405)
        out_->send_headers(not_post, true);
    else
        out_->send_headers(not_grpc, true);
}

void server_call::on_data(std::string_view bytes, bool end_stream) {
    in_.on_data(bytes);
    if (end_stream)
        in_.on_end();
    return_window();
}

void server_call::on_closed(status const& why, time_point now) {
    stop_reading();
    if (finished_)
        return;
    finished_ = true;
    // The client's own deadline makes it reset the stream.
    outcome_ = deadline_ && now >= *deadline_ ? status(status_code::deadline_exceeded, "the deadline passed") : why;
}

void server_call::abort(status const& why) {
    finish(why, {});
}

status server_call::check_headers_unsent() const {
    if (finished_)
        return status(status_code::failed_precondition, "the call has ended");
    if (headers_sent_)
        return status(status_code::failed_precondition, "the initial metadata has been sent already");
    return {};
}

status server_call::set_encoding(std::string_view name) {
    if (status s = check_headers_unsent(); !s.ok())
        return s;
    compressor const* const found = known_ != nullptr ? known_->find(name) : nullptr;
    if (found == nullptr && !wire::is_identity(name))
        return status(status_code::internal, "the encoding '" + std::string(name) + "' is not known to the server");
    encoding_ = wire::accepts(accepted_, name) ? found : nullptr;
    return {};
}

status server_call::set_initial_metadata(metadata m) {
    if (status s = check_headers_unsent(); !s.ok())
        return s;
    if (auto complaint = validate(m))
        return status(status_code::internal, *complaint);
    initial_metadata_ = std::move(m);
    return {};
}

void server_call::send_headers() {
    if (headers_sent_ || finished_)
        return;
    headers_sent_ = true;
    if (initial_metadata_.empty() && encoding_ == nullptr && !offer_encodings_) {
        out_->send_headers(plain_headers, false);
        return;
    }
    scratch_.clear();
    add_plain_headers();
    scratch_.add_metadata(initial_metadata_);
    out_->send_headers(scratch_.fields(), false);
}

void server_call::add_plain_headers() {
    for (header_field const& f : plain_headers)
        scratch_.add_static(f.name, f.value);
    if (encoding_ != nullptr)
        scratch_.add("grpc-encoding", encoding_->name());
    if (encoding_ != nullptr || offer_encodings_)
        scratch_.add("grpc-accept-encoding", known_ != nullptr ? known_->accepted() : "identity");
}

status server_call::send_message(buffer& framed) {
    if (finished_)
        return outcome_.ok() ? status(status_code::failed_precondition, "the call has ended") : outcome_;
    if (status s = check_send_limit(limits_, framed.size() - wire::prefix_size); !s.ok())
        return s;
    if (!wire::is_packed(framed, encoding_))
        if (status s = wire::pack(framed, encoding_); !s.ok())
            return s;
    send_headers();
    out_->send_data(framed);
    return {};
}

bool server_call::finish(status const& outcome, metadata const& trailing) {
    if (finished_)
        return false;
    if (auto const complaint = validate(trailing))
        return finish(status(status_code::internal, *complaint), {});
    if (!initial_metadata_.empty())
        send_headers(); // what comes with the status is trailing metadata to a client, whatever it was here
    finished_ = true;
    outcome_ = outcome;
    stop_reading();
    if (headers_sent_ && is_plain_success(outcome, trailing)) {
        out_->send_trailers(plain_success);
        return true;
    }
    scratch_.clear();
    if (!headers_sent_) {
        encoding_ = nullptr; // of no messages
        add_plain_headers();
    }
    scratch_.add_status(outcome);
    scratch_.add_metadata(trailing);
    if (headers_sent_)
        out_->send_trailers(scratch_.fields());
    else
        out_->send_headers(scratch_.fields(), true);
    return true;
}

read_state server_call::read(buffer& into) {
    read_state const s = in_.read(into);
    return_window();
    return s;
}

status server_call::read_only(buffer& into) {
    switch (read(into)) {
    case read_state::message: break;
    case read_state::failed: return in_.error();
    default: return status(status_code::unimplemented, "a unary request must have one message, this one has none");
    }
    buffer second;
    switch (read(second)) {
    case read_state::end: return {};
    case read_state::failed: return in_.error();
    default: return status(status_code::unimplemented, "a unary request must have one message, this one has more");
    }
}

void server_call::return_window() {
    if (std::size_t const n = in_.take_consumed(); n != 0 && !in_.ended())
        out_->consume(n);
}

void server_call::stop_reading() noexcept {
    in_.discard();
}

} // namespace joust::call
