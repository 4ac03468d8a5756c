//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Calls a JSON service at a fixed rate, whatever becomes of the calls, and says how each one ended.
//
// usage: fault_client --target=ADDRESS[,ADDRESS...] [--rate=500] [--run=3000] [--NAME=VALUE...]     see
// load_options.hpp
//
// What it prints is described in load_log.hpp. SIGTERM ends the making of calls; those under way are waited for.

#include "joust/game/client.hpp"
#include "load_log.hpp"
#include "load_options.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace joust::test {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

/// Open loop: a call that is late does not delay the next one, and its latency counts from when it was due.
class load {
public:
    load(asio::io_context& io, load_options options)
        : io_(io), options_(std::move(options)), channel_(io.get_executor(), options_.target, watched_options()),
          client_(channel_, options_.target, game_options()), timer_(io), signals_(io, SIGTERM, SIGINT),
          begin_(clock::now()), end_(begin_ + std::chrono::milliseconds(options_.run)) {}

    void start() {
        signals_.async_wait([this](error_code ec, int) {
            if (!ec)
                end_ = clock::now();
        });
        on_tick();
    }

private:
    channel_options watched_options() {
        auto c = options_.channel();
        c.observer = log_;
        if (c.circuit_breaker)
            c.circuit_breaker->on_event = [log = log_](circuit_event const& e) { log->on_circuit(e); };
        return c;
    }

    game::client_options game_options() const {
        game::client_options g;
        g.timeout = std::chrono::milliseconds(options_.timeout);
        return g;
    }

    void on_tick() {
        auto const now = clock::now();
        for (auto due = due_of(next_); due <= now && due < end_; due = due_of(next_))
            call(next_++, due);
        if (now >= end_) {
            made_all_ = true;
            return finish_if_done();
        }
        timer_.expires_at(now + std::chrono::milliseconds(1));
        timer_.async_wait([this](error_code ec) {
            if (!ec)
                on_tick();
        });
    }

    clock::time_point due_of(std::uint64_t n) const {
        return begin_ + std::chrono::microseconds(n * 1'000'000 / options_.rate);
    }

    void call(std::uint64_t n, clock::time_point due) {
        ++under_way_;
        char const* const key = options_.pause != 0 ? "ms" : "player_id";
        boost::json::value id(std::to_string(n));
        if (options_.pause != 0)
            id = static_cast<std::int64_t>(options_.pause + n % options_.pause);
        boost::json::object with;
        with[key] = id;
        client_.async_call(options_.pause != 0 ? "logic.slow" : options_.method, boost::json::value(std::move(with)),
                           game::call_options(), [this, due, key, id](result<boost::json::value> const& r) {
                               log_->on_call(due, r.has_error() ? r.error() : judge(key, id, *r));
                               --under_way_;
                               finish_if_done();
                           });
    }

    /// An answer that is another call's, or whose bytes were changed, is the worst outcome.
    static status judge(char const* key, boost::json::value const& id, boost::json::value const& answer) {
        auto const* const object = answer.if_object();
        auto const* const given = object != nullptr ? object->if_contains(key) : nullptr;
        if (given != nullptr && *given == id)
            return {};
        return status(status_code::data_loss, "another answer than that of the call");
    }

    void finish_if_done() {
        if (!made_all_ || under_way_ != 0)
            return;
        log_->print_calls();
        io_.stop();
    }

    asio::io_context& io_;
    load_options options_;
    std::shared_ptr<load_log> log_ = std::make_shared<load_log>();
    channel channel_;
    game::client client_;
    asio::steady_timer timer_;
    asio::signal_set signals_;
    clock::time_point begin_;
    clock::time_point end_;
    std::uint64_t next_ = 0;
    std::uint64_t under_way_ = 0;
    bool made_all_ = false;
};

} // namespace
} // namespace joust::test

int main(int argc, char** argv) {
    auto options = joust::test::load_options::parse(argc, argv);
    if (!options) {
        std::cerr << "usage: fault_client --target=ADDRESS[,ADDRESS...] [--NAME=VALUE...]\n";
        return 2;
    }
    boost::asio::io_context io(1);
    joust::test::load all(io, std::move(*options));
    all.start();
    io.run();
}
