//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/dispatcher.hpp"
#include "rpc/server_chain.hpp"
#include "support/connections.hpp"
#include "support/count_allocations.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace joust;
using namespace joust::test;

namespace {

/// A message that allocates nothing.
struct letter {
    char c = 0;
};

} // namespace

template <>
struct joust::codec<letter> {
    static status encode(letter const& m, buffer& out) {
        out.push_back(m.c);
        return {};
    }
    static status decode(std::string_view bytes, letter& m) {
        m.c = bytes.front();
        return {};
    }
};

namespace {

class counting final : public server_interceptor {
public:
    int starts = 0;
    int ends = 0;

    status on_start(call_context&) override {
        ++starts;
        return {};
    }
    void on_finish(call_context&, status& outcome) override { ends += outcome.ok() ? 1 : 0; }
};

class intercepted_acceptor final : public net::call_acceptor {
public:
    explicit intercepted_acceptor(std::vector<any_server_interceptor> const& interceptors) {
        routes_->add(unary_method<letter, letter>{"/test.Letters/Echo"}, [](letter q) { return q; });
        rpc::intercept(*routes_, interceptors);
    }

    void on_call(net::server_stream& s) override { dispatcher_.on_call(s); }
    void on_connection_closed(net::server_connection&) override {}

private:
    std::shared_ptr<router> routes_ = std::make_shared<router>();
    rpc::dispatcher dispatcher_{routes_};
};

} // namespace

BOOST_AUTO_TEST_SUITE(interceptor_allocations)

BOOST_AUTO_TEST_CASE(synchronous_ones_around_a_plain_handler_make_none) {
    auto const first = std::make_shared<counting>();
    auto const second = std::make_shared<counting>();
    std::vector<any_server_interceptor> const both{first, second};
    auto const acceptor = std::make_shared<intercepted_acceptor>(both);
    boost::asio::io_context io;
    auto const link = std::make_shared<memory_link>(io);
    net::connection_settings const settings;
    auto const server = std::make_shared<net::server_connection>(link->server_transport(), settings, nullptr, acceptor);
    server->start();
    auto const poll = [&] {
        io.restart();
        io.poll();
    };
    link->send(link->to_server, client_hello() + settings_ack() + window_frame(0, 1 << 24));
    poll();
    std::vector<std::string> calls(300);
    std::int32_t id = 1;
    for (std::string& call : calls) {
        call = headers_frame(id, request_fields("/test.Letters/Echo", {})) +
               data_frame(id, grpc_message("x"), flag_end_stream);
        id += 2;
    }
    std::size_t before = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (i == 100)
            before = allocation_count;
        link->to_server.bytes.append(calls[i]);
        link->to_server.wake();
        poll();
        link->to_client.bytes.clear();
        link->to_client.writes.clear();
    }
    BOOST_TEST(allocation_count - before == 0u);
    BOOST_TEST(first->starts == 300);
    BOOST_TEST(second->ends == 300);
}

BOOST_AUTO_TEST_SUITE_END()
