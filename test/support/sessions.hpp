//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "http2/session.hpp"
#include "support/frames.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace joust::test {

/// Fields as text: `name=value name=value`.
inline std::string to_text(std::span<header_field const> fields) {
    std::string out;
    for (header_field const& f : fields)
        out.append(out.empty() ? "" : " ").append(f.name).append("=").append(f.value);
    return out;
}

/// A session's events as lines of text, `headers 1 :status=200 [end]`. Data that arrives in pieces is one line, so that
/// the log does not depend on how the bytes were cut.
class event_log {
public:
    /// Takes the events and clears them in the session.
    void take(http2::session& s) {
        for (std::size_t i = 0; i != s.event_count(); ++i)
            add(s, s.event_at(i));
        s.clear_events();
    }

    /// The lines so far, and forgets them.
    std::vector<std::string> lines() {
        flush();
        return std::exchange(lines_, {});
    }

    /// The streams that a `headers` event named and that are not closed.
    http2::stream* stream(std::int32_t id) const {
        auto const found = streams_.find(id);
        return found == streams_.end() ? nullptr : found->second;
    }

private:
    void add(http2::session& s, http2::event const& e) {
        std::int32_t const id = e.stream != nullptr ? http2::session::id(*e.stream) : 0;
        if (e.kind == http2::event_kind::data) {
            if (id != data_id_)
                flush();
            data_id_ = id;
            data_.append(e.bytes);
            if (e.end_stream)
                flush(true);
            return;
        }
        flush();
        std::string const end = e.end_stream ? " [end]" : "";
        switch (e.kind) {
        case http2::event_kind::headers:
            streams_[id] = e.stream;
            line("headers " + std::to_string(id) + " " +
                 (e.oversized ? std::string("oversized") : to_text(s.fields(e))) + end);
            break;
        case http2::event_kind::stream_closed:
            streams_.erase(id);
            line("closed " + std::to_string(id) + " " + std::string(http2::to_string(e.code)));
            break;
        case http2::event_kind::stream_refused: line("refused"); break;
        case http2::event_kind::drained: line("drained " + std::to_string(id)); break;
        case http2::event_kind::settings: line("settings"); break;
        case http2::event_kind::goaway:
            line("goaway " + std::to_string(e.last_stream) + " " + std::string(http2::to_string(e.code)) + " " +
                 std::string(s.debug_text(e)));
            break;
        case http2::event_kind::ping: line("ping " + std::to_string(e.opaque)); break;
        case http2::event_kind::ping_ack: line("ping_ack " + std::to_string(e.opaque)); break;
        case http2::event_kind::goaway_sent: // of this side: no news
        case http2::event_kind::data: break;
        }
    }

    void flush(bool end = false) {
        if (data_id_ != 0)
            line("data " + std::to_string(data_id_) + " " + data_ + (end ? " [end]" : ""));
        data_id_ = 0;
        data_.clear();
    }

    void line(std::string text) { lines_.push_back(std::move(text)); }

    std::vector<std::string> lines_;
    std::map<std::int32_t, http2::stream*> streams_;
    std::int32_t data_id_ = 0;
    std::string data_;
};

/// Lines joined, to compare logs with one look at a failure.
inline std::string joined(std::vector<std::string> const& lines) {
    std::string out;
    for (std::string const& l : lines)
        out.append(out.empty() ? "" : "\n").append(l);
    return out;
}

/// Everything the session wants to write now. Its streams that closed thereby are events, which stay.
inline std::string pull_all(http2::session& s) {
    http2::output out(s.pool());
    constexpr std::size_t batch = 64 * 1024;
    std::string bytes;
    for (;;) {
        out.clear();
        s.pull(out, batch);
        if (out.empty())
            return bytes;
        std::vector<std::span<std::uint8_t const>> pieces;
        out.pieces(pieces);
        for (auto const& p : pieces)
            bytes.append(reinterpret_cast<char const*>(p.data()), p.size());
    }
}

/// The RST_STREAM frames among `bytes`, as `3 CANCEL, 1 NO_ERROR`.
inline std::string resets_in(std::string_view bytes) {
    std::string out;
    for (parsed_frame const& f : frames_of(bytes, frame_type::rst_stream))
        out.append(out.empty() ? "" : ", ")
            .append(std::to_string(f.id))
            .append(" ")
            .append(http2::to_string(static_cast<http2::error_code>(f.number(0))));
    return out;
}

/// A session, its events so far, and a way to feed it.
struct logged_session {
    http2::session session;
    event_log log;

    explicit logged_session(role side, http2::session_settings const& settings = {}) : session(side, settings) {}

    boost::system::error_code feed(std::string_view bytes) {
        auto const ec = session.feed(bytes);
        log.take(session);
        return ec;
    }

    std::string pull() {
        std::string bytes = pull_all(session);
        log.take(session);
        return bytes;
    }

    http2::stream& stream(std::int32_t id) {
        http2::stream* const s = log.stream(id);
        BOOST_TEST_REQUIRE(s != nullptr);
        return *s;
    }
};

/// A client and a server back to back.
struct session_pair {
    logged_session client;
    logged_session server;
    std::size_t chunk = static_cast<std::size_t>(-1); ///< bytes fed at a time

    explicit session_pair(http2::session_settings const& client_settings = {},
                          http2::session_settings const& server_settings = {})
        : client(role::client, client_settings), server(role::server, server_settings) {}

    /// Carries bytes to and fro until nobody has any.
    void pump() {
        bool more = true;
        while (more) {
            bool const to_server = carry(client, server);
            bool const to_client = carry(server, client);
            more = to_server || to_client;
        }
    }

    /// Carries what is there now, one way.
    bool carry(logged_session& from, logged_session& to) {
        std::string const bytes = from.pull();
        for (std::string_view rest = bytes; !rest.empty(); rest.remove_prefix(std::min(chunk, rest.size())))
            BOOST_TEST(!to.feed(rest.substr(0, chunk)));
        return !bytes.empty();
    }

    /// Preface and SETTINGS, both ways; the logs are empty afterwards.
    void handshake() {
        pump();
        client.log.lines();
        server.log.lines();
    }
};

/// Fields that live for the test's whole expression.
class fields {
public:
    fields(std::initializer_list<header_field> list) : fields_(list) {}
    operator std::span<header_field const>() const noexcept { return fields_; }

private:
    std::vector<header_field> fields_;
};

inline fields grpc_request(std::string_view path = "/test.Echo/Unary") {
    return {{":method", "POST", true}, {":scheme", "http", true}, {":path", path},
            {":authority", "test"},    {"te", "trailers", true},  {"content-type", "application/grpc", true}};
}

inline fields grpc_response() {
    return {{":status", "200", true}, {"content-type", "application/grpc", true}};
}

inline fields grpc_trailers() {
    return {{"grpc-status", "0", true}};
}

} // namespace joust::test
