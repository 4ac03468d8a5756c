//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/server.hpp"
#include "net/listener.hpp"
#include "net/server_connection.hpp"
#include "rpc/completion.hpp"
#include "rpc/dispatcher.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

namespace joust {

/// What a server and its connections share. Connections on several threads report to it, hence the mutex; it is
/// taken when connections come and go, never per call.
class server::impl final : public net::call_acceptor, public std::enable_shared_from_this<impl> {
public:
    impl(boost::asio::any_io_executor executor, server_options options);

    router& routes() noexcept { return *routes_; }
    boost::asio::any_io_executor const& executor() const noexcept { return executor_; }
    std::size_t connection_count() const;

    result<endpoint> listen(std::string_view address, server_credentials const& credentials);
    result<endpoint> listen(in_process const& wire);
    void drain(std::chrono::steady_clock::duration timeout,
               boost::asio::any_completion_handler<void(error_code)> handler);
    void stop();

private:
    struct guest {
        std::weak_ptr<net::server_connection> connection;
        std::shared_ptr<net::admission::place const> place;
    };

    // net::call_acceptor
    void on_call(net::server_stream& s) override { dispatcher_.on_call(s); }
    std::optional<http_response> on_http(net::server_stream& s, http_request const& request) override;
    void on_connection_closed(net::server_connection& c) override;

    status check_not_over() const;
    void intercept();
    net::listener::handler adopter();
    void adopt(std::unique_ptr<net::transport> t, std::shared_ptr<net::admission::place const> place);
    void close_listeners();
    void finish_drain(error_code ec);
    void on_drain_timeout();
    std::vector<std::shared_ptr<net::server_connection>> connections() const;

    boost::asio::any_io_executor executor_;
    server_options options_;
    std::shared_ptr<observer> watcher_;
    net::connection_settings settings_;
    std::shared_ptr<router> routes_;
    rpc::dispatcher dispatcher_;
    std::shared_ptr<net::admission> doors_;
    bool intercepted_ = false; // the handlers are

    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<net::listener>> listeners_;
    std::vector<std::shared_ptr<net::in_process_port>> ports_;
    std::unordered_map<net::server_connection const*, guest> connections_;
    std::minstd_rand random_{std::random_device()()}; // for the age of connections
    bool draining_ = false;
    bool stopped_ = false;
    std::vector<std::shared_ptr<rpc::completion<error_code>>> drained_; // who waits for the drain
    boost::asio::steady_timer drain_timer_;
};

} // namespace joust
