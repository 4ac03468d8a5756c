//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/env_resolver.hpp"

#include "client/list_resolution.hpp"

#include <cstdlib>
#include <utility>

namespace joust::client {

namespace {

resolution resolve(std::string const& variable) {
    std::string const source = "environment variable " + variable;
    if (char const* const text = std::getenv(variable.c_str()))
        return resolve_list(source, text);
    resolution r;
    r.problem = status(status_code::unavailable, source + ": not set");
    return r;
}

} // namespace

env_resolver::env_resolver(std::string variable) : variable_(std::move(variable)) {}

void env_resolver::start(boost::asio::any_io_executor const&, listener on_resolution) {
    listener_ = std::move(on_resolution);
    listener_(resolve(variable_));
}

void env_resolver::refresh() {
    if (listener_)
        listener_(resolve(variable_));
}

} // namespace joust::client
