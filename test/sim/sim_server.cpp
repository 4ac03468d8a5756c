//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "sim_server.hpp"

#include "net/in_process_port.hpp"
#include "service.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace joust::sim {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr duration drain_limit = 700ms;

asio::awaitable<void> pause(duration d) {
    asio::steady_timer timer(co_await asio::this_coro::executor, d);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

server_options options(std::uint32_t max_concurrent_streams) {
    static auto const silent = std::make_shared<observer>();
    server_options o;
    o.max_concurrent_streams = max_concurrent_streams;
    o.use_strands = false;
    o.observer = silent;
    o.pings.min_interval = 1s;
    return o;
}

} // namespace

sim_server::sim_server(asio::io_context& io, std::size_t index, ledger& book, std::mt19937_64& random,
                       std::uint32_t max_concurrent_streams)
    : io_(io), book_(book), random_(random), max_concurrent_streams_(max_concurrent_streams), network_(random),
      self_{index, 0} {
    network_.latency += std::chrono::microseconds(std::uniform_int_distribution<>(0, 800)(random_));
    wire_.port()->set_pair_maker([this](auto const& client, auto const& server) {
        network_.on_sent = [this, p = self_](std::string_view bytes) { book_.sent(p, bytes); };
        return make_cable(network_, client, server);
    });
}

sim_server::~sim_server() {
    network_.cut();
}

endpoint_address sim_server::address() const {
    endpoint_address a;
    a.address = "server-" + std::to_string(self_.server);
    a.wire = wire_;
    return a;
}

void sim_server::start() {
    ++self_.generation;
    current_.emplace(io_.get_executor(), options(max_concurrent_streams_));
    add_handlers(*current_, self_);
    current_->listen(wire_).value();
}

void sim_server::crash() {
    thaw();
    network_.cut();
    current_.reset();
    draining_.clear();
}

void sim_server::replace() {
    book_.drains(self_);
    draining_.push_back(std::move(*current_));
    auto const old = std::prev(draining_.end());
    old->async_drain(drain_limit, [this, generation = self_.generation](error_code) {
        book_.note("server " + std::to_string(self_.server) + " generation " + std::to_string(generation) +
                   " has drained");
    });
    start();
}

void sim_server::add_handlers(joust::server& to, process self) {
    to.add(work, [this, self](std::string q) { return do_work(std::move(q), self); });
    to.add(work_in_pieces,
           [this, self](std::string q, server_writer<std::string>& out) { return do_pieces(std::move(q), out, self); });
    to.add(work_from_pieces, [this, self](server_reader<std::string>& in) { return do_from_pieces(in, self); });
    to.add(health, [](std::string) { return std::string("\x08\x01"); }); // SERVING
}

status sim_server::luck() {
    if (error_share == 0 || std::uniform_real_distribution<>()(random_) >= error_share)
        return {};
    return std::bernoulli_distribution()(random_) ? status(status_code::unavailable, "out of luck")
                                                  : status(status_code::internal, "broken");
}

duration sim_server::service_time() {
    return std::chrono::duration_cast<duration>(
        std::chrono::microseconds(std::uniform_int_distribution<>(100, 20000)(random_)) * slowness);
}

sim_server::awaitable<result<std::string>> sim_server::do_work(std::string request, process self) {
    if (!book_.executed(self, request))
        co_return status(status_code::invalid_argument, "no call");
    if (status const bad = luck(); !bad.ok())
        co_return bad;
    co_await pause(service_time());
    co_return request;
}

sim_server::awaitable<status> sim_server::do_pieces(std::string request, server_writer<std::string>& out,
                                                    process self) {
    if (!book_.executed(self, request))
        co_return status(status_code::invalid_argument, "no call");
    for (int i = 0; i < pieces; ++i) {
        if (status const bad = luck(); !bad.ok())
            co_return bad;
        co_await pause(service_time() / pieces);
        auto writing = out.async_write(request);
        if (auto const written = co_await std::move(writing); written.has_error())
            co_return written.error();
    }
    co_return status();
}

sim_server::awaitable<result<std::string>> sim_server::do_from_pieces(server_reader<std::string>& in, process self) {
    std::string all;
    for (bool first = true;; first = false) {
        auto reading = in.async_read();
        auto const piece = co_await std::move(reading);
        if (piece.has_error())
            co_return piece.error();
        if (first && !(*piece && book_.executed(self, **piece)))
            co_return status(status_code::invalid_argument, "no call");
        if (status const bad = luck(); !bad.ok())
            co_return bad;
        if (!*piece)
            co_return all;
        all += **piece;
        co_await pause(service_time() / pieces);
    }
}

} // namespace joust::sim
