//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/time_limit.hpp"

#include "net/deadline.hpp"
#include "net/server_connection.hpp"

namespace joust::rpc {

time_limit::time_limit(call_context& context, boost::asio::cancellation_signal& cancel) noexcept
    : context_(context), cancel_(cancel) {
    context.limit_ = this;
}

void time_limit::set(std::chrono::steady_clock::duration most) {
    reached_ = false;
    net::server_connection& connection = context_.stream_->connection();
    connection.add_timer(*this, net::after(connection.now(), most));
}

void time_limit::clear() noexcept {
    if (waiting())
        context_.stream_->connection().remove_timer(*this);
}

void time_limit::on_expired() {
    reached_ = true;
    cancel_.emit(boost::asio::cancellation_type::terminal);
}

} // namespace joust::rpc
