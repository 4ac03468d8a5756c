//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/in_process_port.hpp"

#include "joust/net/in_process.hpp"
#include "net/in_process_transport.hpp"
#include "net/strand.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <utility>

namespace joust {

namespace net {

namespace asio = boost::asio;

status in_process_port::listen(asio::any_io_executor executor, bool use_strands, handler h) {
    std::lock_guard const lock(mutex_);
    if (handler_)
        return status(status_code::unavailable, "listen at in-process: a server listens there already",
                      status_origin::local, asio::error::address_in_use);
    work_ = asio::prefer(executor, asio::execution::outstanding_work_t::tracked);
    executor_ = std::move(executor);
    use_strands_ = use_strands;
    handler_ = std::make_shared<handler>(std::move(h));
    return {};
}

void in_process_port::close() {
    std::lock_guard const lock(mutex_);
    handler_.reset();
    work_ = {};
    executor_ = {};
}

void in_process_port::set_pair_maker(pair_maker make) {
    std::lock_guard const lock(mutex_);
    make_pair_ = std::move(make);
}

result<std::unique_ptr<transport>> in_process_port::connect(asio::any_io_executor const& executor) {
    std::lock_guard const lock(mutex_); // also while posting: the server's executor may be gone after `close`
    if (!handler_)
        return status(status_code::unavailable, "connect to in-process: no server listens there",
                      status_origin::network, asio::error::connection_refused);
    auto const servers = use_strands_ ? make_strand(executor_) : executor_;
    auto [client, server] = make_pair_(executor, servers);
    asio::post(servers, [h = handler_, t = std::move(server)]() mutable { (*h)(std::move(t)); });
    return std::move(client);
}

} // namespace net

in_process::in_process() : port_(std::make_shared<net::in_process_port>()) {}

} // namespace joust
