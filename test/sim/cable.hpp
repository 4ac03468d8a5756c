//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/transport.hpp"
#include "virtual_time.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::sim {

class cable;

/// What the network and the machine of one server do to its bytes, now.
struct network {
    explicit network(std::mt19937_64& r) : random(r) {}

    std::mt19937_64& random;
    duration latency = std::chrono::microseconds(200);
    bool frozen = false; ///< the server's process is stopped: nothing is read, nothing is written
    double loss = 0;     ///< this share of the writes has to be sent again, after 200 ms to 3 s
    std::vector<std::weak_ptr<cable>> cables;
    /// Sees what clients send, as they send it.
    std::function<void(std::string_view)> on_sent = [](std::string_view) {};

    void set_frozen(bool f);
    /// All connections break at once; what was under way is lost.
    void cut();
};

/// Both ends of a new connection: the client's, the server's.
std::pair<std::unique_ptr<net::transport>, std::unique_ptr<net::transport>>
make_cable(network& through, boost::asio::any_io_executor const& client, boost::asio::any_io_executor const& server);

} // namespace joust::sim
