//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/connections.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(connection_pump)

namespace {

std::string unary_request(std::int32_t id, std::string_view text, field_list const& more = {}) {
    return headers_frame(id, request_fields("/unary", more)) + data_frame(id, grpc_message(text), flag_end_stream);
}

// The bytes of all DATA frames of a stream.
std::string body_of(std::string_view bytes, std::int32_t id) {
    std::string body;
    for (parsed_frame const& f : frames_of(bytes, frame_type::data, id))
        body += f.payload;
    return body;
}

class logging_observer final : public observer {
public:
    void connection_opened(role, std::string_view peer) noexcept override { log += "opened " + std::string(peer); }
    void connection_closed(role, std::string_view, error_code why) noexcept override {
        log += ", closed: " + why.message();
    }
    void call_started(role, std::string_view path, std::string_view) noexcept override {
        log += ", started " + std::string(path);
    }
    void call_finished(call_summary const& s) noexcept override {
        log += ", finished " + std::string(s.path) + " " + s.outcome.to_string();
        BOOST_TEST((s.elapsed >= 0ns));
        BOOST_TEST((s.elapsed < 10s));
    }
    std::string log;
};

} // namespace

BOOST_AUTO_TEST_CASE(first_words_are_one_write) {
    raw_client c;
    BOOST_TEST(c.link->to_client.writes.size() == 1u);
    BOOST_TEST(frames_of(c.receive(), frame_type::settings).size() == 1u);
    raw_server s;
    BOOST_TEST(s.link->to_server.writes.size() == 1u);
    BOOST_TEST(s.receive().starts_with(preface));
}

BOOST_AUTO_TEST_CASE(requests_of_one_read_are_answered_in_one_write) {
    raw_client c;
    c.hello();
    std::string requests;
    for (int i = 0; i < 10; ++i)
        requests += unary_request(2 * i + 1, "question " + std::to_string(i));
    BOOST_TEST_REQUIRE(requests.size() < 4096u);
    c.link->to_client.writes.clear();
    c.send(requests);
    BOOST_TEST(c.link->to_client.writes.size() == 1u);
    std::string const answers = c.receive();
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(body_of(answers, 2 * i + 1) == grpc_message("question " + std::to_string(i)));
    BOOST_TEST(c.server->active_calls() == 0u);
}

BOOST_AUTO_TEST_CASE(calls_opened_in_one_handler_are_one_write) {
    raw_server s;
    s.hello();
    std::vector<probe_call> calls(5);
    s.link->to_server.writes.clear();
    for (probe_call& call : calls)
        BOOST_TEST(call.unary(*s.client, "question"));
    BOOST_TEST(s.link->to_server.writes.empty()); // not inside the call
    s.poll();
    BOOST_TEST(s.link->to_server.writes.size() == 1u);
    BOOST_TEST(frames_of(s.receive(), frame_type::headers).size() == 5u);
}

BOOST_AUTO_TEST_CASE(write_under_way_collects_the_next_one) {
    raw_client c;
    c.hello();
    c.link->set_capacity(c.link->to_client, 0);
    c.link->to_client.writes.clear();
    for (int i = 0; i < 10; ++i)
        c.send(unary_request(2 * i + 1, "question"));
    BOOST_TEST(c.link->to_client.writes.size() == 1u); // the first answer waits, the others pile up
    c.link->set_capacity(c.link->to_client, memory_link::unlimited);
    c.poll();
    BOOST_TEST(c.link->to_client.writes.size() == 2u);
    std::string const answers = c.receive();
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(body_of(answers, 2 * i + 1) == grpc_message("question"));
}

BOOST_AUTO_TEST_CASE(partial_writes_of_every_size_give_the_same_bytes) {
    auto const run = [](std::size_t chunk) {
        raw_client c;
        c.hello();
        c.link->to_client.chunk = chunk;
        // Copied and referred pieces; the window holds all of it.
        c.send(unary_request(1, "small") + headers_frame(3, request_fields("/unary")));
        std::string const large = grpc_message(std::string(20'000, 'x'));
        c.send(data_frame(3, std::string_view(large).substr(0, 16'384)));
        c.send(data_frame(3, std::string_view(large).substr(16'384), flag_end_stream));
        return c.receive();
    };
    std::string const expected = run(memory_link::unlimited);
    BOOST_TEST(body_of(expected, 3).size() == 20'005u);
    for (std::size_t chunk = 1; chunk < 300; ++chunk)
        BOOST_TEST((run(chunk) == expected));
    for (std::size_t const chunk : {1000u, 16'384u, 16'393u, 20'000u})
        BOOST_TEST((run(chunk) == expected));
}

BOOST_AUTO_TEST_CASE(reads_of_every_size_give_the_same_answers) {
    for (std::size_t chunk = 1; chunk < 100; ++chunk) {
        raw_client c;
        c.link->to_server.chunk = chunk;
        c.hello();
        c.send(unary_request(1, "one") + unary_request(3, "two"));
        std::string const answers = c.receive();
        BOOST_TEST(body_of(answers, 1) == grpc_message("one"));
        BOOST_TEST(body_of(answers, 3) == grpc_message("two"));
    }
}

BOOST_AUTO_TEST_CASE(large_messages_go_through_a_narrow_link_both_ways) {
    connection_pair p;
    p.link->to_server.capacity = 1000;
    p.link->to_client.capacity = 777;
    p.start();
    probe_call call;
    std::string const text(300'000, 'x');
    BOOST_TEST(call.unary(*p.client, text));
    p.poll();
    BOOST_TEST_REQUIRE(call.done == 1);
    BOOST_TEST(call.outcome->ok());
    BOOST_TEST((call.messages == std::vector<std::string>{text}));
}

BOOST_AUTO_TEST_CASE(read_buffer_grows_when_it_is_filled_and_shrinks_when_idle) {
    raw_client c;
    constexpr std::size_t small = 4096, large = 65'536;
    c.hello();
    BOOST_TEST(c.link->to_server.last_read_buffer == small);
    c.send(headers_frame(1, request_fields("/hold")) + data_frame(1, std::string(8000, '\0')));
    BOOST_TEST(c.link->to_server.last_read_buffer == large);
    c.send(data_frame(1, "x")); // a short read, but the call goes on
    BOOST_TEST(c.link->to_server.last_read_buffer == large);
    c.send(rst_frame(1, 8));
    BOOST_TEST(c.link->to_server.last_read_buffer == small);
}

BOOST_AUTO_TEST_CASE(observer_hears_of_connections_and_calls) {
    auto const watcher = std::make_shared<logging_observer>();
    {
        raw_client c({}, watcher);
        c.hello();
        c.send(unary_request(1, "x") + headers_frame(3, request_fields("/hold")));
        c.send(rst_frame(3, 8));
        c.link->close();
        c.poll();
    }
    BOOST_TEST(watcher->log == "opened memory:1, started /unary, finished /unary OK, started /hold, "
                               "finished /hold CANCELLED: the client cancelled the call [the peer reset the stream], "
                               "closed: the peer closed the connection");
    watcher->log.clear();
    {
        raw_server s({}, watcher);
        s.hello();
        probe_call call;
        call.unary(*s.client, "x");
        s.poll();
        s.send(headers_frame(1, response_fields({{"grpc-status", "5"}}), flag_end_stream));
        s.client->close(connection_error::idle_timeout);
        s.poll();
    }
    BOOST_TEST(watcher->log == "opened memory:1, started /unary, finished /unary NOT_FOUND, "
                               "closed: the connection was idle for too long");
}

BOOST_AUTO_TEST_CASE(garbage_closes_the_connection) {
    auto const watcher = std::make_shared<logging_observer>();
    raw_client c({}, watcher);
    c.send("GET / HTTP/1.1\r\n\r\n");
    BOOST_TEST(!c.server->open());
    BOOST_TEST(c.acceptor->closed == 1);
    BOOST_TEST(watcher->log.ends_with("closed: not an HTTP/2 connection preface"));
}

BOOST_AUTO_TEST_CASE(broken_protocol_is_answered_with_goaway_and_closes_the_connection) {
    auto const watcher = std::make_shared<logging_observer>();
    raw_client c({}, watcher);
    c.hello();
    c.send(headers_frame(1, request_fields("/hold")));
    c.send(data_frame(0, "x"));
    BOOST_TEST(frames_of(c.receive(), frame_type::goaway).size() == 1u);
    BOOST_TEST(!c.server->open());
    BOOST_TEST(c.acceptor->cancelled.size() == 1u);
    BOOST_TEST(watcher->log.ends_with("closed: the peer broke the HTTP/2 protocol"));
}

BOOST_AUTO_TEST_CASE(peer_that_breaks_the_protocol_and_reads_nothing_is_not_waited_for) {
    raw_client c({.close_grace = 0s});
    c.hello();
    c.link->set_capacity(c.link->to_client, 0);
    c.send(data_frame(0, "x"));
    c.poll();
    BOOST_TEST(!c.server->open());
    BOOST_TEST(c.acceptor->closed == 1);
}

BOOST_AUTO_TEST_CASE(peer_that_breaks_the_protocol_in_the_middle_of_a_write_hears_all_of_it) {
    raw_client c;
    c.hello();
    c.link->set_capacity(c.link->to_client, 10);
    c.send(unary_request(1, "question"));
    c.send(data_frame(0, "x"));
    BOOST_TEST(c.server->open());
    std::string bytes = c.receive();
    c.link->set_capacity(c.link->to_client, memory_link::unlimited);
    c.poll();
    bytes += c.receive();
    BOOST_TEST(body_of(bytes, 1) == grpc_message("question"));
    BOOST_TEST(frames_of(bytes, frame_type::goaway).size() == 1u);
    BOOST_TEST(!c.server->open());
}

BOOST_AUTO_TEST_CASE(closing_twice_is_closing_once) {
    raw_client c;
    c.server->close(connection_error::idle_timeout);
    c.server->close(connection_error::shut_down);
    c.poll();
    BOOST_TEST(c.acceptor->closed == 1);
    std::weak_ptr<net::connection> const weak = c.server;
    c.server.reset();
    BOOST_TEST(weak.expired());
}

BOOST_AUTO_TEST_SUITE_END()
