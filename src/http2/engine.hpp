//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "http2/block_allocator.hpp"
#include "http2/field_check.hpp"
#include "http2/frame_check.hpp"
#include "http2/session.hpp"
#include "http2/stream.hpp"

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace joust::http2 {

/// nghttp2's session behind ours. The callbacks record and never act.
class session::engine {
public:
    engine(role side, session_settings const& settings);
    ~engine();
    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;

    /// GOAWAY with the last stream that was processed; those that come before it is written are refused.
    void say_goaway(error_code code, std::string_view debug);
    boost::system::error_code feed(std::string_view in);
    std::span<header_field const> fields(event const& e);
    std::string_view debug_text(event const& e) const noexcept;
    void clear_events() noexcept;
    void pull(output& out, std::size_t limit);
    boost::system::error_code failure() const noexcept { return failure_; }

    // Streams are numbered, and their headers pulled, in the order of their requests.
    bool request_pulled(stream const& s) const noexcept { return s.id <= last_headers_; }

    bool take_answered() noexcept { return std::exchange(answered_since_, false); }

    stream* submit_request(std::span<header_field const> fields, void* user);
    void submit_response(stream& s, std::span<header_field const> fields, bool end_stream);
    void send(stream& s, buffer& data);
    void end(stream& s);
    void end_by_data(stream& s);
    void reset(stream& s, error_code code);
    void set_trailers(stream& s, std::span<header_field const> fields);

    nghttp2_session* native() const noexcept { return session_; }
    std::vector<event> const& events() const noexcept { return events_; }
    outgoing_pool& pool() noexcept { return outgoing_; }

private:
    struct field_place {
        std::uint32_t name;
        std::uint32_t name_size;
        std::uint32_t value_size; // the value follows its name
    };

    static nghttp2_session_callbacks const* callbacks();
    static engine& self(void* user) noexcept { return *static_cast<engine*>(user); }

    // nghttp2's callbacks, receiving
    int on_begin_headers(nghttp2_frame const& frame);
    int refuse(std::int32_t id);
    int on_header(std::string_view name, std::string_view value);
    int on_data_chunk(std::int32_t id, std::string_view bytes);
    int on_frame(nghttp2_frame const& frame);
    int on_close(std::int32_t id, std::uint32_t code);

    // and sending
    ssize_t read_data(stream& s, std::uint8_t* into, std::size_t space, std::uint32_t& flags);
    int on_not_sent(nghttp2_frame const& frame, int why);
    int write_referenced(stream& s, std::uint8_t const* frame_header, std::size_t n);
    void pop_front(stream& s) noexcept;
    void note_sent(stream& s, std::size_t n);
    void submit_trailers(stream& s);
    void note_answered(stream& s);
    bool stop_requests();
    void note_headers(std::uint8_t const* frame, std::size_t n) noexcept;
    void note_goaway(std::uint8_t const* frame, std::size_t n);
    void write_settings(std::uint8_t const* frame, std::size_t n);
    void resume(stream& s);
    static nghttp2_data_provider data_provider(stream& s) noexcept;

    stream* find(std::int32_t id) noexcept;
    stream* acquire_stream();
    void release_stream(stream& s) noexcept;
    void end_of_stream(stream& s, event_kind kind);
    std::span<nghttp2_nv const> to_native(std::span<header_field const> fields);
    event& record(event_kind kind, stream* s);

    role side_;
    std::uint32_t max_header_list_size_;
    std::uint32_t max_concurrent_streams_;
    std::int32_t last_accepted_ = 0x7fffffff; // what GOAWAY says of a server
    std::uint32_t peer_streams_ = 0;          // that the client has open; refused ones are not among them
    bool any_authority_;
    block_allocator memory_;
    outgoing_pool outgoing_;
    nghttp2_session* session_ = nullptr;
    output* out_ = nullptr; // while pulling
    std::size_t out_limit_ = 0;
    std::vector<std::int32_t> answered_; // streams whose answer is on its way while the request still comes
    boost::system::error_code failure_;
    std::int32_t last_headers_ = 0; // a client's: the highest stream whose HEADERS were pulled
    bool answered_since_ = false;   // HEADERS or DATA were pulled
    bool settings_sent_ = false;

    std::vector<event> events_;
    std::vector<field_place> field_places_;
    std::string text_;
    std::vector<header_field> scratch_fields_;
    std::vector<nghttp2_nv> scratch_nv_;
    std::size_t received_data_ = 0;

    frame_check frames_;

    // the header block being received
    stream* block_stream_ = nullptr;
    std::uint32_t block_first_ = 0;
    std::size_t block_size_ = 0;
    bool block_oversized_ = false;
    field_check block_check_; // when nghttp2 does not check

    stream* last_ = nullptr; // the stream of the last data chunk
    stream* free_streams_ = nullptr;
    std::vector<stream*> streams_; // every stream there is, free or not
};

} // namespace joust::http2
