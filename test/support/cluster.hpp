//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "support/loopback.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace joust::test {

/// Counts the connections of a server.
class connection_counter final : public observer {
public:
    std::size_t opened = 0;
    std::size_t closed = 0;

    std::size_t open() const noexcept { return opened - closed; }

private:
    void connection_opened(role, std::string_view) noexcept override { ++opened; }
    void connection_closed(role, std::string_view, error_code) noexcept override { ++closed; }
};

/// Several servers of the bytes service on one loop. What their unary method answers can be changed while they serve.
class cluster {
public:
    using handler = std::function<asio::awaitable<result<octets>>(octets, call_context&)>;

    struct member {
        server_options options;
        std::shared_ptr<connection_counter> connections = std::make_shared<connection_counter>();
        std::unique_ptr<joust::server> server = {};
        std::string address = {};
        std::size_t calls = 0;
        handler answer = {};
    };

    asio::io_context io{1};

    explicit cluster(std::size_t n, server_options options = {}) {
        for (std::size_t i = 0; i != n; ++i) {
            auto m = std::make_unique<member>();
            m->options = options;
            m->options.observer = m->connections;
            m->answer = echo;
            members_.push_back(std::move(m));
            start(i, "127.0.0.1:0");
        }
    }

    member& operator[](std::size_t i) { return *members_[i]; }
    std::size_t size() const noexcept { return members_.size(); }

    void start(std::size_t i, std::string const& at) {
        member& m = *members_[i];
        m.server = std::make_unique<joust::server>(io.get_executor(), m.options);
        m.server->add(bytes_service::unary, [&m](octets q, call_context& c) -> asio::awaitable<result<octets>> {
            ++m.calls;
            auto answering = m.answer(std::move(q), c);
            co_return co_await std::move(answering);
        });
        m.server->add(bytes_service::bidi, echo_bytes::bidi);
        m.address = m.server->listen(at).value().to_string();
    }
    void restart(std::size_t i) { start(i, std::string((*this)[i].address)); }
    /// At once: its connections are closed.
    void kill(std::size_t i) {
        (*this)[i].server->stop();
        settle(io);
    }

    std::string target() const {
        std::string all;
        for (auto const& m : members_)
            all += (all.empty() ? "" : ",") + m->address;
        return all;
    }
    joust::channel channel(channel_options options = {}) {
        return joust::channel(io.get_executor(), target(), std::move(options));
    }

    template <class Body>
    void run(Body body) {
        test::run(io, std::move(body));
    }
    template <class Done>
    void run_until(Done done) {
        test::run_until(io, std::move(done));
    }

    static asio::awaitable<result<octets>> echo(octets q, call_context&) { co_return q; }
    static handler failing(status_code code, std::string message = "on purpose") {
        return [=](octets, call_context&) -> asio::awaitable<result<octets>> { co_return status(code, message); };
    }

private:
    std::vector<std::unique_ptr<member>> members_;
};

} // namespace joust::test
