//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/wire/message.hpp"
#include "net/client_connection.hpp"
#include "net/server_connection.hpp"
#include "support/frames.hpp"
#include "support/memory_transport.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::test {

/// A server in a hundred lines: `/unary` echoes its request, `/stream` every message, `/hold` does nothing.
class echo_server final : public net::call_acceptor, private net::server_stream_listener {
public:
    std::function<void(net::server_stream&)> before_call, before_readable, before_writable, before_cancelled;
    std::vector<net::server_stream*> held;
    std::vector<std::string> cancelled; ///< outcomes
    int calls = 0;
    int readable = 0;
    int writable = 0;
    int closed = 0;
    int abandoned = 0;

    void on_call(net::server_stream& s) override {
        ++calls;
        s.set_listener(this);
        if (before_call)
            before_call(s);
        if (s.call().finished())
            return;
        if (s.call().path() == "/unary")
            s.await_request();
        else if (s.call().path() == "/stream")
            read_stream(s);
        else
            held.push_back(&s);
    }

    void on_connection_closed(net::server_connection&) override { ++closed; }

private:
    void on_readable(net::server_stream& s) override {
        ++readable;
        if (before_readable)
            before_readable(s);
        if (s.call().path() == "/unary")
            answer_unary(s);
        else
            read_stream(s);
    }

    void on_writable(net::server_stream& s) override {
        ++writable;
        if (before_writable)
            before_writable(s);
        if (s.call().path() == "/stream")
            read_stream(s);
    }

    void on_cancelled(net::server_stream& s) override {
        if (before_cancelled)
            before_cancelled(s);
        cancelled.push_back(s.call().outcome().to_string());
        std::erase(held, &s);
    }

    void on_abandoned() noexcept override { ++abandoned; }

    void answer_unary(net::server_stream& s) {
        buffer& message = s.response();
        message.clear();
        if (status const complaint = s.call().read_only(s.request()); !complaint.ok()) {
            s.finish(complaint);
            return;
        }
        std::size_t const at = wire::begin_message(message);
        message.append(s.request().view());
        wire::end_message(message, at);
        s.finish(s.call().send_message(message));
    }

    void read_stream(net::server_stream& s) {
        buffer message, framed;
        while (!s.call().finished()) {
            if (s.send_queue_full())
                return;
            switch (s.call().read(message)) {
            case call::read_state::pending: s.await_message(); return;
            case call::read_state::end: s.finish({}); return;
            case call::read_state::failed: s.finish(s.call().read_error()); return;
            case call::read_state::message: break;
            }
            std::size_t const at = wire::begin_message(framed);
            framed.append(message.view());
            wire::end_message(framed, at);
            s.call().send_message(framed);
        }
    }
};

/// Writes down what a client's connection tells its owner.
class logging_owner final : public net::client_connection_owner {
public:
    std::function<void()> before_ready, before_capacity, before_going_away;
    int ready = 0;
    int capacity = 0;
    int going_away = 0;
    int too_many_pings = 0;
    std::vector<status> lost;

    void on_ready() override {
        ++ready;
        if (before_ready)
            before_ready();
    }
    void on_capacity() override {
        ++capacity;
        if (before_capacity)
            before_capacity();
    }
    void on_going_away() override {
        ++going_away;
        if (before_going_away)
            before_going_away();
    }
    void on_too_many_pings() override { ++too_many_pings; }
    void on_lost(status const& why) override { lost.push_back(why); }
};

/// A client's call that reads everything and writes down what it hears.
class probe_call final : public net::client_stream_listener {
public:
    std::function<void()> before_headers, before_readable, before_writable, before_done;
    bool reads = true;
    bool opened = false;
    int headers = 0;
    int writable = 0;
    int done = 0;
    int abandoned = 0;
    std::vector<std::string> messages;
    std::optional<status> outcome;
    net::client_stream_ref stream;

    probe_call() = default;
    probe_call(probe_call const&) = delete;
    probe_call& operator=(probe_call const&) = delete;
    ~probe_call() {
        if (stream)
            stream->set_listener(nullptr);
    }

    /// Opens the call; true when it could be.
    bool open(net::client_connection& c, std::string_view path,
              std::optional<net::connection::time_point> deadline = {},
              std::optional<std::chrono::nanoseconds> timeout = {}) {
        net::client_stream* const s =
            c.open_call({.path = path, .authority = "test", .user_agent = "joust", .timeout = timeout},
                        c.settings().call, deadline, *this);
        if (s == nullptr)
            return false;
        opened = true;
        stream = net::client_stream_ref(*s);
        if (reads)
            read();
        return true;
    }

    bool send(std::string_view text) {
        buffer framed(grpc_message(text));
        return stream->call().send_message(framed).ok();
    }

    bool unary(net::client_connection& c, std::string_view text) {
        if (!open(c, "/unary") || !send(text))
            return false;
        stream->call().half_close();
        return true;
    }

    void read() {
        buffer message;
        for (;;) {
            switch (stream->read(message)) {
            case call::read_state::message: messages.emplace_back(message.view()); continue;
            case call::read_state::pending: stream->await_message(); return;
            default: return;
            }
        }
    }

    void on_headers(net::client_stream&) override {
        ++headers;
        if (before_headers)
            before_headers();
    }
    void on_readable(net::client_stream&) override {
        if (before_readable)
            before_readable();
        if (stream)
            read();
    }
    void on_writable(net::client_stream&) override {
        ++writable;
        if (before_writable)
            before_writable();
    }
    void on_done(net::client_stream& s) override {
        ++done;
        outcome = s.call().outcome();
        if (before_done)
            before_done();
        stream.reset();
    }
    void on_abandoned() noexcept override {
        ++abandoned;
        stream.reset();
    }
};

inline std::string code_of(probe_call const& call) {
    return call.outcome ? std::string(to_string(call.outcome->code())) : "(none)";
}

/// A server's connection whose client is the test, byte by byte.
struct raw_client {
    boost::asio::io_context io;
    std::shared_ptr<memory_link> link = std::make_shared<memory_link>(io);
    std::shared_ptr<echo_server> acceptor = std::make_shared<echo_server>();
    std::shared_ptr<net::server_connection> server;

    explicit raw_client(net::connection_settings const& settings = {}, std::shared_ptr<observer> watcher = {}) {
        server =
            std::make_shared<net::server_connection>(link->server_transport(), settings, std::move(watcher), acceptor);
        server->start();
        poll();
    }

    /// Runs what is ready; returns how many handlers that were.
    std::size_t poll() {
        io.restart();
        return io.poll();
    }

    void send(std::string_view bytes) {
        link->send(link->to_server, bytes);
        poll();
    }

    std::string receive() {
        std::string bytes = link->receive(link->to_client);
        poll();
        return bytes;
    }

    void hello() {
        send(client_hello() + settings_ack());
        receive();
    }
};

/// A client's connection whose server is the test, byte by byte.
struct raw_server {
    boost::asio::io_context io;
    std::shared_ptr<memory_link> link = std::make_shared<memory_link>(io);
    std::shared_ptr<logging_owner> owner = std::make_shared<logging_owner>();
    std::shared_ptr<net::client_connection> client;

    explicit raw_server(net::connection_settings const& settings = {}, std::shared_ptr<observer> watcher = {}) {
        client =
            std::make_shared<net::client_connection>(link->client_transport(), settings, std::move(watcher), owner);
        client->start();
        poll();
    }

    std::size_t poll() {
        io.restart();
        return io.poll();
    }

    void send(std::string_view bytes) {
        link->send(link->to_client, bytes);
        poll();
    }

    std::string receive() {
        std::string bytes = link->receive(link->to_server);
        poll();
        return bytes;
    }

    void hello() {
        send(settings_frame() + settings_ack());
        receive();
    }
};

/// A client's and a server's connection over a memory_link.
struct connection_pair {
    std::unique_ptr<boost::asio::io_context> io = std::make_unique<boost::asio::io_context>();
    std::shared_ptr<memory_link> link = std::make_shared<memory_link>(*io);
    std::shared_ptr<echo_server> acceptor = std::make_shared<echo_server>();
    std::shared_ptr<logging_owner> owner = std::make_shared<logging_owner>();
    std::shared_ptr<net::server_connection> server;
    std::shared_ptr<net::client_connection> client;

    explicit connection_pair(net::connection_settings const& server_settings = {},
                             net::connection_settings const& client_settings = {}) {
        server = std::make_shared<net::server_connection>(link->server_transport(), server_settings, nullptr, acceptor);
        client = std::make_shared<net::client_connection>(link->client_transport(), client_settings, nullptr, owner);
    }

    std::size_t poll() {
        io->restart();
        return io->poll();
    }

    void start() {
        server->start();
        client->start();
        poll();
    }
};

} // namespace joust::test
