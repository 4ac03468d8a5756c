//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <joust/joust.hpp>

#include <boost/asio/io_context.hpp>

int main() {
    boost::asio::io_context io;
    joust::server server(io.get_executor());
    joust::game::services services;
    server.add(services);
    server.add(joust::health_service());
    server.add(joust::reflection_service());
    joust::game::client const client(io.get_executor(), "localhost:1");
    return server.services().size() == 4 ? 0 : 1;
}
