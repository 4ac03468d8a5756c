//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/engine.hpp"

#include <array>
#include <new>

namespace joust::http2 {

namespace {

void check(int nghttp2_code) {
    if (nghttp2_code == NGHTTP2_ERR_NOMEM)
        throw std::bad_alloc();
}

class native_options {
public:
    native_options() { check(nghttp2_option_new(&options_)); }
    native_options(native_options const&) = delete;
    native_options& operator=(native_options const&) = delete;
    ~native_options() { nghttp2_option_del(options_); }
    nghttp2_option* get() const noexcept { return options_; }

private:
    nghttp2_option* options_ = nullptr;
};

// Debian's 1.52 has the limit on CONTINUATION frames backported, others of that version may not.
template <class Option>
void set_max_continuations(Option* o, std::size_t n) {
    if constexpr (requires { nghttp2_option_set_max_continuations(o, n); })
        nghttp2_option_set_max_continuations(o, n);
}

// gRPC's metadata may have such values, and other implementations send them (since nghttp2 1.50).
template <class Option>
void take_outer_whitespace(Option* o) {
    if constexpr (requires { nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(o, 1); })
        nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(o, 1);
}

void apply(nghttp2_option* o, session_settings const& settings) {
    take_outer_whitespace(o);
    nghttp2_option_set_no_auto_window_update(o, 1);
    nghttp2_option_set_no_closed_streams(o, 1);
    nghttp2_option_set_max_send_header_block_length(o, settings.max_sent_header_block);
    // nghttp2's own limit (33 resets a second) ends connections of clients that cancel a lot, and cannot tell who reset
    // a stream. The server's connection counts instead.
    constexpr std::uint64_t out_of_the_way = 1'000'000'000;
    nghttp2_option_set_stream_reset_rate_limit(o, out_of_the_way, out_of_the_way);
    if (settings.any_authority) // nghttp2 would refuse a '/'; field_check takes its place
        nghttp2_option_set_no_http_messaging(o, 1);
    // Enough for a header block of the allowed size in the smallest frames that anybody sends. nghttp2 (until 1.70)
    // counts the pieces that the heads of these frames arrive in, nine at most.
    constexpr std::size_t usual_continuations = 8, smallest_frame = 8 * 1024, pieces = 9;
    set_max_continuations(o, pieces * (usual_continuations + settings.max_header_list_size / smallest_frame));
}

} // namespace

std::string_view to_string(error_code code) noexcept {
    static constexpr std::array<std::string_view, 14> names = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED",
    };
    auto const i = static_cast<std::size_t>(code);
    return i < names.size() ? names[i] : std::string_view("unknown HTTP/2 error");
}

session::engine::engine(role side, session_settings const& settings)
    : side_(side), max_header_list_size_(settings.max_header_list_size),
      max_concurrent_streams_(settings.max_concurrent_streams), any_authority_(settings.any_authority),
      frames_(side == role::server ? NGHTTP2_CLIENT_MAGIC_LEN : 0) {
    native_options const options;
    apply(options.get(), settings);
    nghttp2_mem memory{
        &memory_,
        [](std::size_t n, void* u) { return static_cast<block_allocator*>(u)->allocate(n); },
        [](void* p, void* u) { static_cast<block_allocator*>(u)->deallocate(p); },
        [](std::size_t n, std::size_t m, void* u) { return static_cast<block_allocator*>(u)->allocate_zeroed(n * m); },
        [](void* p, std::size_t n, void* u) { return static_cast<block_allocator*>(u)->reallocate(p, n); },
    };
    auto const make = side == role::server ? nghttp2_session_server_new3 : nghttp2_session_client_new3;
    check(make(&session_, callbacks(), this, options.get(), &memory));

    std::array<nghttp2_settings_entry, 6> entries{{
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.stream_window},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.max_header_list_size},
        {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, settings.max_frame_size},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    }};
    std::size_t count = 4; // a server's limit of streams is added by write_settings
    if (side == role::client) {
        entries[4] = {NGHTTP2_SETTINGS_ENABLE_PUSH, 0};
        entries[5] = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0};
        count = 6;
    }
    check(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), count));
    check(nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                                static_cast<std::int32_t>(settings.connection_window)));
}

session::engine::~engine() {
    nghttp2_session_del(session_);
    for (stream* s : streams_) {
        while (s->front != nullptr)
            pop_front(*s);
        delete s;
    }
}

stream* session::engine::find(std::int32_t id) noexcept {
    if (last_ == nullptr || last_->id != id)
        last_ = static_cast<stream*>(nghttp2_session_get_stream_user_data(session_, id));
    return last_;
}

stream* session::engine::acquire_stream() {
    if (free_streams_ == nullptr) {
        streams_.push_back(new stream);
        return streams_.back();
    }
    stream* const s = free_streams_;
    free_streams_ = s->next;
    s->next = nullptr;
    return s;
}

void session::engine::release_stream(stream& s) noexcept {
    while (s.front != nullptr)
        pop_front(s);
    s.id = 0;
    s.user = nullptr;
    s.queued = 0;
    s.low_water = stream::no_watch;
    s.deferred = s.ended = s.closed = s.reset_locally = s.remote_ended = s.unsendable = false;
    s.trailers.clear();
    s.trailer_text.clear();
    s.next = free_streams_;
    free_streams_ = &s;
}

event& session::engine::record(event_kind kind, stream* s) {
    event& e = events_.emplace_back();
    e.kind = kind;
    e.stream = s;
    return e;
}

// -- session: the face of the engine

session::session(role side, session_settings const& settings) : engine_(std::make_unique<engine>(side, settings)) {}
session::~session() = default;

boost::system::error_code session::feed(std::string_view in) {
    return engine_->feed(in);
}

std::size_t session::event_count() const noexcept {
    return engine_->events().size();
}

event const& session::event_at(std::size_t i) const noexcept {
    return engine_->events()[i];
}

std::span<header_field const> session::fields(event const& e) {
    return engine_->fields(e);
}

std::string_view session::debug_text(event const& e) const noexcept {
    return engine_->debug_text(e);
}

void session::clear_events() noexcept {
    engine_->clear_events();
}

void session::pull(output& out, std::size_t limit) {
    engine_->pull(out, limit);
}

outgoing_pool& session::pool() noexcept {
    return engine_->pool();
}

bool session::take_answered() noexcept {
    return engine_->take_answered();
}

boost::system::error_code session::failure() const noexcept {
    return engine_->failure();
}

bool session::alive() const noexcept {
    return nghttp2_session_want_read(engine_->native()) != 0 || nghttp2_session_want_write(engine_->native()) != 0;
}

stream* session::submit_request(std::span<header_field const> fields, void* user) {
    return engine_->submit_request(fields, user);
}

void session::submit_response(stream& s, std::span<header_field const> fields, bool end_stream) {
    engine_->submit_response(s, fields, end_stream);
}

void session::send(stream& s, buffer& data) {
    engine_->send(s, data);
}

void session::finish(stream& s) {
    engine_->end_by_data(s);
}

void session::finish(stream& s, std::span<header_field const> trailers) {
    engine_->set_trailers(s, trailers);
    engine_->end(s);
}

void session::reset(stream& s, error_code code) {
    engine_->reset(s, code);
}

void session::consume(stream& s, std::size_t n) {
    if (!s.closed && !s.remote_ended)
        nghttp2_session_consume_stream(engine_->native(), s.id, n);
}

void session::watch_drain(stream& s, std::size_t low_water) noexcept {
    s.low_water = low_water;
}

void* session::user(stream const& s) noexcept {
    return s.user;
}

void session::set_user(stream& s, void* user) noexcept {
    s.user = user;
}

std::int32_t session::id(stream const& s) noexcept {
    return s.id;
}

std::size_t session::queued(stream const& s) noexcept {
    return s.queued;
}

bool session::request_pulled(stream const& s) const noexcept {
    return engine_->request_pulled(s);
}

bool session::reset_locally(stream const& s) noexcept {
    return s.reset_locally;
}

std::uint32_t session::peer_max_concurrent_streams() const noexcept {
    return nghttp2_session_get_remote_settings(engine_->native(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
}

std::uint32_t session::peer_max_header_list_size() const noexcept {
    return nghttp2_session_get_remote_settings(engine_->native(), NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE);
}

void session::announce_shutdown() {
    nghttp2_submit_shutdown_notice(engine_->native());
}

void session::goaway(error_code code, std::string_view debug) {
    engine_->say_goaway(code, debug);
}

void session::terminate(error_code code) {
    nghttp2_session_terminate_session(engine_->native(), static_cast<std::uint32_t>(code));
}

void session::ping(std::uint64_t opaque) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(opaque >> (8 * i));
    nghttp2_submit_ping(engine_->native(), NGHTTP2_FLAG_NONE, bytes.data());
}

} // namespace joust::http2
