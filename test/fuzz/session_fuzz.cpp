//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The input is a script: what the peer sends (raw bytes, frames, well-formed heads and messages) and what this side
// does meanwhile. Whatever it is, a session with call machines on its streams keeps its promises.

#include "call/client_call.hpp"
#include "call/server_call.hpp"
#include "http2/session.hpp"

#include "fuzz/require.hpp"
#include "support/frames.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace joust;
using joust::fuzz::require;
using time_point = std::chrono::steady_clock::time_point;

constexpr call::limits limits = {.max_receive_message_size = 2000, .max_send_message_size = 50'000};
constexpr http2::session_settings settings = {
    .max_concurrent_streams = 5, .stream_window = 5000, .connection_window = 70'000, .max_header_list_size = 500};

/// Bytes of the script; zeros behind its end.
class script {
public:
    script(std::uint8_t const* data, std::size_t size) : rest_(fuzz::as_text(data, size)) {}

    bool done() const { return rest_.empty(); }
    std::uint8_t byte() {
        std::uint8_t const b = rest_.empty() ? 0 : static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(rest_.empty() ? 0 : 1);
        return b;
    }
    std::string bytes(std::size_t n) {
        std::string const b(rest_.substr(0, n));
        rest_.remove_prefix(b.size());
        return b;
    }

private:
    std::string_view rest_;
};

/// A stream with both machines on it; only the one of its side is used.
struct fuzz_stream final : call::outbound {
    http2::session& session;
    http2::stream* stream = nullptr;
    call::server_call server;
    call::client_call client;
    bool remote_ended = false;

    explicit fuzz_stream(http2::session& s) : session(s) {}

    void send_headers(std::span<header_field const> fields, bool end_stream) override {
        if (stream != nullptr)
            session.submit_response(*stream, fields, end_stream);
    }
    void send_data(buffer& framed) override {
        if (stream != nullptr)
            session.send(*stream, framed);
        require(framed.empty() || stream == nullptr);
        framed.clear();
    }
    void send_end() override {
        if (stream != nullptr)
            session.finish(*stream);
    }
    void send_trailers(std::span<header_field const> fields) override {
        if (stream != nullptr)
            session.finish(*stream, fields);
    }
    void reset(http2::error_code code) override {
        if (stream != nullptr)
            session.reset(*stream, code);
    }
    void consume(std::size_t n) override {
        if (stream != nullptr)
            session.consume(*stream, n);
    }
};

/// What `net` does, without a socket and with a mind of its own.
class driver {
public:
    driver(role side, script& s) : side_(side), script_(s), session_(side, settings), out_(session_.pool()) {
        if (side_ == role::client)
            open_request();
    }

    void run() {
        while (!script_.done() && !dead_)
            step();
        for (int i = 0; i < 100 && pull(64 * 1024) != 0; ++i)
            continue;
        for (auto const& s : open_)
            close(*s, http2::error_code::cancel);
    }

private:
    void step() {
        std::uint8_t const op = script_.byte();
        switch (op % 16) {
        case 0: feed(script_.bytes(script_.byte())); break;
        case 1:
        case 2:
        case 3: {
            std::uint8_t const type = script_.byte(), flags = script_.byte(), id = script_.byte();
            feed(test::frame(static_cast<test::frame_type>(type % 12), flags, id % 16, script_.bytes(script_.byte())));
            break;
        }
        case 4: feed(test::settings_frame({{script_.byte() % 8, script_.byte() * 100u}})); break;
        case 5: feed_head(); break;
        case 6: {
            std::uint8_t const id = script_.byte(), flags = script_.byte();
            std::string message = test::grpc_message(std::string(script_.byte() * 10u, 'm'), flags >> 7);
            feed(test::data_frame(id % 16, message.substr(0, message.size() - (flags >> 4) % 4), flags & 1));
            break;
        }
        case 7: feed(test::window_frame(script_.byte() % 16, script_.byte() * 1000u)); break;
        case 8: pull(script_.byte() * 300u); break;
        case 9: send(any(), script_.byte() * 200u); break;
        case 10: finish(any()); break;
        case 11: abort(any()); break;
        case 12: read(any()); break;
        case 13: want(any()); break;
        case 14: act_on_connection(script_.byte()); break;
        default:
            if (side_ == role::client)
                open_request();
            else if (fuzz_stream* const s = any())
                s->server.send_headers();
        }
    }

    void feed_head() {
        std::uint8_t const id = script_.byte(), what = script_.byte();
        test::field_list fields;
        if (side_ == role::server)
            fields = test::request_fields("/a/b", {{"grpc-timeout", "1S"}});
        else if (what & 2)
            fields = {{"grpc-status", std::to_string(what >> 4)}, {"grpc-message", "why"}};
        else
            fields = test::response_fields();
        if (what & 4)
            fields.emplace_back("x-large", std::string(script_.byte() * 50u, 'v'));
        if (what & 8)
            fields.erase(fields.begin() + script_.byte() % static_cast<int>(fields.size()));
        feed(what & 64 ? test::continued_headers(id % 16, fields, 50, what & 1)
                       : test::headers_frame(id % 16, fields, what & 1));
    }

    void feed(std::string const& bytes) {
        auto const ec = session_.feed(bytes);
        require(!ec || session_.failure());
        for (std::size_t i = 0; i != session_.event_count(); ++i) {
            http2::event const e = session_.event_at(i);
            require(e.kind != http2::event_kind::data || e.bytes.empty() ||
                    (e.bytes.data() >= bytes.data() && e.bytes.data() + e.bytes.size() <= bytes.data() + bytes.size()));
            on_event(e);
        }
        session_.clear_events();
        dead_ = dead_ || ec;
    }

    std::size_t pull(std::size_t limit) {
        out_.clear(); // the last write is done now, whatever became of its streams meanwhile
        session_.pull(out_, limit);
        std::vector<std::span<std::uint8_t const>> pieces;
        out_.pieces(pieces);
        std::size_t size = 0;
        for (auto const& p : pieces)
            size += p.size();
        require(size == out_.size());
        constexpr std::size_t largest_frame = 9 + 16 * 1024;
        require(size <= limit + 2 * largest_frame);
        for (std::size_t i = 0; i != session_.event_count(); ++i)
            on_event(session_.event_at(i));
        session_.clear_events();
        return size;
    }

    void on_event(http2::event const e) {
        auto* s = e.stream != nullptr ? static_cast<fuzz_stream*>(http2::session::user(*e.stream)) : nullptr;
        switch (e.kind) {
        case http2::event_kind::headers: {
            require(e.stream != nullptr);
            auto const fields = session_.fields(e);
            for (header_field const& f : fields)
                require(!f.name.empty());
            if (s == nullptr)
                s = accept(e);
            else
                on_head(*s, fields, e);
            s->remote_ended = s->remote_ended || e.end_stream;
            break;
        }
        case http2::event_kind::data:
            require(s != nullptr && !s->remote_ended);
            s->remote_ended = e.end_stream;
            if (side_ == role::server)
                s->server.on_data(e.bytes, e.end_stream);
            else
                s->client.on_data(e.bytes, e.end_stream);
            break;
        case http2::event_kind::stream_closed: {
            if (s == nullptr)
                break; // its head was refused before anybody saw it
            close(*s, e.code);
            std::erase_if(open_, [&](auto const& o) { return o.get() == s; });
            break;
        }
        case http2::event_kind::drained: require(s != nullptr); break;
        case http2::event_kind::goaway: session_.debug_text(e); break;
        case http2::event_kind::goaway_sent: break;
        case http2::event_kind::stream_refused: require(side_ == role::server && s == nullptr); break;
        case http2::event_kind::settings:
        case http2::event_kind::ping:
        case http2::event_kind::ping_ack: break;
        }
    }

    fuzz_stream* accept(http2::event const& e) {
        http2::stream& stream = *e.stream;
        require(side_ == role::server);
        require(ids_.insert(http2::session::id(stream)).second);
        fuzz_stream& s = *open_.emplace_back(std::make_unique<fuzz_stream>(session_));
        s.stream = &stream;
        http2::session::set_user(stream, &s);
        s.server.open(s, limits);
        s.server.on_headers(session_.fields(e), e.end_stream, e.oversized, now_);
        return &s;
    }

    void on_head(fuzz_stream& s, std::span<header_field const> fields, http2::event const& e) {
        if (side_ == role::client)
            s.client.on_headers(fields, e.end_stream, e.oversized);
        else
            s.server.on_data({}, e.end_stream);
    }

    void close(fuzz_stream& s, http2::error_code code) {
        if (side_ == role::server) {
            bool const finished = s.server.finished();
            status const before = s.server.outcome();
            s.server.on_closed(status(status_code::cancelled), now_);
            require(s.server.finished() && (!finished || s.server.outcome() == before));
        } else {
            bool const done = s.client.done();
            status const before = s.client.outcome();
            s.client.on_closed(code, now_);
            require(s.client.done() && (!done || s.client.outcome() == before));
        }
        s.stream = nullptr;
        // What is done to the call now must not reach a stream that is somebody else's.
        send(&s, 10);
        finish(&s);
        read(&s);
    }

    void open_request() {
        if (open_.size() >= 10)
            return;
        auto s = std::make_unique<fuzz_stream>(session_);
        s->client.open(limits, now_ + std::chrono::seconds(1));
        auto const fields = s->client.request_headers({.path = "/a/b", .authority = "test", .user_agent = "fuzz"});
        s->stream = session_.submit_request(fields, s.get());
        if (s->stream == nullptr)
            return;
        require(ids_.insert(http2::session::id(*s->stream)).second);
        s->client.attach(*s);
        open_.push_back(std::move(s));
    }

    fuzz_stream* any() {
        std::uint8_t const which = script_.byte();
        return open_.empty() ? nullptr : open_[which % open_.size()].get();
    }

    void send(fuzz_stream* s, std::size_t size) {
        if (s == nullptr)
            return;
        buffer framed(test::grpc_message(std::string(size, 's')));
        status const sent = side_ == role::server ? s->server.send_message(framed) : s->client.send_message(framed);
        require(!sent.ok() || framed.empty());
        if (s->stream != nullptr && size % 3 == 0)
            session_.watch_drain(*s->stream, size / 2);
    }

    void finish(fuzz_stream* s) {
        if (s == nullptr)
            return;
        if (side_ == role::client) {
            s->client.half_close();
            return;
        }
        bool const finished = s->server.finished();
        require(s->server.finish(status(status_code::not_found, "no"), {{"x-late", "1"}}) == !finished);
        require(s->server.finished());
    }

    void abort(fuzz_stream* s) {
        if (s == nullptr)
            return;
        if (side_ == role::server && script_.byte() % 2 == 0)
            s->reset(http2::error_code::cancel);
        else if (side_ == role::server)
            s->server.abort(status(status_code::deadline_exceeded));
        else
            s->client.abort(status(status_code::cancelled));
    }

    void read(fuzz_stream* s) {
        if (s == nullptr)
            return;
        buffer message;
        bool const readable = side_ == role::server ? s->server.readable() : s->client.readable();
        call::read_state const r = side_ == role::server ? s->server.read(message) : s->client.read(message);
        require(readable == (r != call::read_state::pending));
        require(message.size() <= limits.max_receive_message_size);
        if (r == call::read_state::failed)
            require(side_ == role::server ? !s->server.read_error().ok() : s->client.done());
    }

    void want(fuzz_stream* s) {
        if (s == nullptr)
            return;
        bool const wanted = script_.byte() % 2 == 0;
        side_ == role::server ? s->server.want_message(wanted) : s->client.want_message(wanted);
    }

    void act_on_connection(std::uint8_t what) {
        switch (what % 8) {
        case 0: session_.ping(what); break;
        case 1: session_.goaway(http2::error_code::no_error, "bye"); break;
        case 2: session_.announce_shutdown(); break;
        case 3: session_.terminate(http2::error_code::enhance_your_calm); break;
        default: now_ += std::chrono::milliseconds(100 * what);
        }
    }

    role side_;
    script& script_;
    http2::session session_;
    http2::output out_;
    std::deque<std::unique_ptr<fuzz_stream>> open_;
    std::set<std::int32_t> ids_;
    time_point now_ = time_point(std::chrono::hours(1));
    bool dead_ = false;

    friend void begin(driver&, std::uint8_t);
};

void begin(driver& d, std::uint8_t how) {
    if ((how & 2) != 0)
        return;
    d.feed(d.side_ == role::server ? test::client_hello() + test::settings_ack()
                                   : test::settings_frame() + test::settings_ack());
    d.pull(64 * 1024);
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    script s(data + 1, size - 1);
    driver d((data[0] & 1) != 0 ? role::client : role::server, s);
    begin(d, data[0]);
    d.run();
    return 0;
}
