//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "suite/client_flags.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <stdexcept>
#include <utility>

namespace joust::test::interop {

void add(CLI::App& to, client_flags& f) {
    to.add_option("--server_host", f.server_host, "Where the server is")->capture_default_str();
    to.add_option("--server_port", f.server_port, "Its port")->required();
    to.add_option("--server_host_override", f.server_host_override, "The name to find in its certificate");
    to.add_flag("--use_tls", f.use_tls, "TLS instead of plain text");
    to.add_flag("--use_test_ca", f.use_test_ca, "Trust the authority of --ca_file; needs it");
    to.add_option("--ca_file,--custom_ca_file", f.ca_file, "Trust this authority (PEM) instead of the system's");
    to.add_option("--test_case", f.test_case, "Which one")->capture_default_str();

    soak_flags& s = f.soak;
    to.add_option("--soak_iterations", s.iterations)->capture_default_str()->check(CLI::PositiveNumber);
    to.add_option("--soak_max_failures", s.max_failures)->capture_default_str();
    to.add_option("--soak_per_iteration_max_acceptable_latency_ms", s.per_iteration_max_acceptable_latency_ms)
        ->capture_default_str();
    to.add_option("--soak_min_time_ms_between_rpcs", s.min_time_ms_between_rpcs)->capture_default_str();
    to.add_option("--soak_overall_timeout_seconds", s.overall_timeout_seconds)->capture_default_str();
    to.add_option("--soak_num_threads", s.num_threads, "Calls at a time")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    to.add_option("--soak_request_size", s.request_size)->capture_default_str()->check(CLI::NonNegativeNumber);
    to.add_option("--soak_response_size", s.response_size)->capture_default_str()->check(CLI::NonNegativeNumber);
}

channel make_channel(boost::asio::any_io_executor executor, client_flags const& f) {
    channel_options options;
    options.max_connections = 1; // what a case is about, or counts
    options.use_strand = false;
    if (f.use_tls) {
        if (f.use_test_ca && f.ca_file.empty())
            throw std::runtime_error("--use_test_ca: there is none without --ca_file");
        tls_client_options tls;
        tls.ca.file = f.ca_file;
        tls.ssl_target_name_override = f.server_host_override;
        options.credentials = channel_credentials::tls(tls).value();
    } else {
        options.authority = f.server_host_override;
    }
    bool const v6 = f.server_host.find(':') != std::string::npos;
    std::string const host = v6 ? "[" + f.server_host + "]" : f.server_host;
    return channel(std::move(executor), host + ":" + std::to_string(f.server_port), options);
}

} // namespace joust::test::interop
