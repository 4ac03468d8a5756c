//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/channel.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace joust::test::interop {

/// How rpc_soak and channel_soak go on.
struct soak_flags {
    int iterations = 10;
    int max_failures = 0;
    int per_iteration_max_acceptable_latency_ms = 1000;
    int min_time_ms_between_rpcs = 0;
    int overall_timeout_seconds = 10;
    int num_threads = 1;
    int request_size = 271828;
    int response_size = 314159;
};

/// The flags of the official interop clients.
struct client_flags {
    std::string server_host = "localhost";
    std::uint16_t server_port = 0;
    std::string server_host_override = {};
    bool use_tls = false;
    bool use_test_ca = false;
    std::string ca_file = {};
    std::string test_case = "large_unary";
    soak_flags soak = {};
};

void add(CLI::App& to, client_flags& f);

/// A channel as the flags say. Throws when a certificate cannot be read.
channel make_channel(boost::asio::any_io_executor executor, client_flags const& f);

} // namespace joust::test::interop
