//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "cable.hpp"
#include "joust/client/endpoint_address.hpp"
#include "joust/rpc/server.hpp"
#include "ledger.hpp"

#include <boost/asio/io_context.hpp>

#include <list>
#include <optional>
#include <random>

namespace joust::sim {

/// One place of the cluster, and the servers that are there, one after the other.
class sim_server {
public:
    sim_server(boost::asio::io_context& io, std::size_t index, ledger& book, std::mt19937_64& random,
               std::uint32_t max_concurrent_streams);
    sim_server(sim_server const&) = delete;
    sim_server& operator=(sim_server const&) = delete;
    ~sim_server();

    endpoint_address address() const;

    void start();
    void crash();
    void hang() { network_.set_frozen(true); }
    void thaw() { network_.set_frozen(false); }
    /// Drains, with another server in its place at once.
    void replace();

    std::size_t connections() const { return current_ ? current_->connection_count() : 0; }

    double slowness = 1;
    double error_share = 0;
    double& loss() noexcept { return network_.loss; }

private:
    template <class T>
    using awaitable = boost::asio::awaitable<T>;

    void add_handlers(joust::server& to, process self);
    awaitable<result<std::string>> do_work(std::string request, process self);
    awaitable<status> do_pieces(std::string request, server_writer<std::string>& out, process self);
    awaitable<result<std::string>> do_from_pieces(server_reader<std::string>& in, process self);
    /// OK, or what an error burst makes of a call.
    status luck();
    duration service_time();

    boost::asio::io_context& io_;
    ledger& book_;
    std::mt19937_64& random_;
    std::uint32_t max_concurrent_streams_;
    network network_;
    in_process wire_;
    process self_;
    std::optional<joust::server> current_;
    std::list<joust::server> draining_;
};

} // namespace joust::sim
