//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/resolve_schedule.hpp"
#include "joust/client/resolver.hpp"
#include "net/address.hpp"

#include <memory>

namespace joust::client {

/// All addresses of a name, A and AAAA, each an endpoint with the port, in the system's order of preference (RFC 6724).
///
/// A failure is reported as UNAVAILABLE without addresses and tried again after `min_interval`. The name is resolved
/// again every `refresh`, after doubts but not sooner than `min_interval`, and at once by `refresh()`.
/// The calls have the authority of the channel, which is the name, not the address.
class dns_resolver final : public resolver {
public:
    dns_resolver(net::host_port name, resolve_schedule::settings const& when);
    ~dns_resolver() override;

    void start(boost::asio::any_io_executor const& executor, listener on_resolution) override;
    void refresh() override;
    void on_connection_failure() override;

private:
    class work;

    net::host_port name_;
    resolve_schedule::settings when_;
    std::shared_ptr<work> work_; // once started
};

} // namespace joust::client
