//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Requests that are not gRPC's.

#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(http_fallback)

namespace {

using asio::awaitable;

field_list plain_fields(std::string const& method, std::string const& path, std::string const& name = {},
                        std::string const& value = {}) {
    field_list fields = {{":method", method}, {":scheme", "http"}, {":path", path}, {":authority", "test"}};
    if (!name.empty())
        fields.emplace_back(name, value);
    return fields;
}

/// A server, and a raw client that has said hello.
struct web_server : loopback {
    std::int32_t next_id = 1;

    explicit web_server(server_options options = {}) : loopback(std::move(options)) {
        server.add(bytes_service::unary, echo_bytes::unary);
        server.add(bytes_service::bidi, echo_bytes::bidi);
        listen();
    }

    awaitable<raw_peer> client() {
        next_id = 1;
        raw_peer peer = co_await raw_peer::connect(address);
        co_await peer.send(client_hello());
        co_return peer;
    }

    awaitable<raw_answer> ask(raw_peer& peer, field_list fields) {
        co_await peer.send(headers_frame(next_id, fields, flag_end_stream));
        next_id += 2;
        co_return co_await peer.answer(next_id - 2);
    }

    awaitable<raw_answer> ask(raw_peer& peer, field_list fields, std::string body) {
        std::string all = headers_frame(next_id, fields);
        for (std::size_t at = 0; at < body.size(); at += 16384)
            all += data_frame(next_id, body.substr(at, 16384), at + 16384 >= body.size() ? flag_end_stream : flag_none);
        co_await peer.send(std::move(all));
        next_id += 2;
        co_return co_await peer.answer(next_id - 2);
    }

    awaitable<void> expect_grpc_served(raw_peer& peer) {
        raw_answer const answer = co_await ask(peer, request_fields(bytes_service::unary.path), grpc_message("honest"));
        BOOST_TEST(answer.grpc_status() == "0");
    }
};

/// Answers what the paths say.
std::optional<http_response> site(http_request const& q) {
    if (q.path == "/echo")
        return http_response{201, {{"x-method", q.method}, {"x-header", std::string(q.header("x-ask"))}}, q.body};
    if (q.path == "/crash")
        throw std::runtime_error("secret");
    if (q.path == "/bad-name")
        return http_response{200, {{"Bad Name", "x"}}, "x"};
    if (q.path == "/bad-value")
        return http_response{200, {{"x", "a\r\nb: c"}}, "x"};
    if (q.path == "/bad-status")
        return http_response{7, {}, "x"};
    if (q.path == "/empty")
        return http_response{204, {{"connection", "close"}}, {}};
    if (q.path == "/large")
        return http_response{200, {}, std::string(1'000'000, 'l')};
    return serve_healthz(q);
}

server_options site_options() {
    server_options o;
    o.http = site;
    o.max_http_body_size = 20'000;
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(healthz_is_there_by_default) {
    web_server s;
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        raw_answer const got = co_await s.ask(peer, plain_fields("GET", "/healthz?verbose"));
        BOOST_TEST(got.http_status() == "200");
        BOOST_TEST(got.data == "serving\n");
        BOOST_TEST(got.headers.value("content-length") == "8");
        raw_answer const head = co_await s.ask(peer, plain_fields("HEAD", "/healthz"));
        BOOST_TEST(head.http_status() == "200");
        BOOST_TEST(head.data == "");
        BOOST_TEST(head.headers.value("content-length") == "8");
        BOOST_TEST((co_await s.ask(peer, plain_fields("DELETE", "/healthz"))).headers.value("allow") == "GET, HEAD");
        co_await s.expect_grpc_served(peer);
    });
}

BOOST_AUTO_TEST_CASE(draining_server_is_not_healthy) {
    web_server s;
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        co_await peer.frame_of(frame_type::settings);
        s.server.async_drain(patience, [](boost::system::error_code) {});
        co_await peer.frame_of(frame_type::goaway);
        raw_answer const got = co_await s.ask(peer, plain_fields("GET", "/healthz"));
        BOOST_TEST(got.http_status() == "503");
        BOOST_TEST(got.data == "draining\n");
    });
}

BOOST_AUTO_TEST_CASE(what_nobody_takes_is_not_found_or_refused) {
    web_server s;
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        raw_answer const got = co_await s.ask(peer, plain_fields("GET", "/"));
        BOOST_TEST(got.http_status() == "404");
        BOOST_TEST(got.data == "not found\n");
        BOOST_TEST((co_await s.ask(peer, plain_fields("HEAD", "/"))).data == "");
        raw_answer const method = co_await s.ask(peer, plain_fields("GET", std::string(bytes_service::unary.path)));
        BOOST_TEST(method.http_status() == "405");
        BOOST_TEST(method.headers.value("allow") == "POST");
        raw_answer const post = co_await s.ask(peer, plain_fields("POST", "/", "content-type", "text/html"), "x");
        BOOST_TEST(post.http_status() == "415");
        co_await s.expect_grpc_served(peer);
    });
}

BOOST_AUTO_TEST_CASE(without_a_handler_nothing_is_waited_for) {
    server_options o;
    o.http = nullptr;
    web_server s(o);
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        BOOST_TEST((co_await s.ask(peer, plain_fields("GET", "/healthz"))).http_status() == "405");
        co_await peer.send(headers_frame(3, plain_fields("POST", "/", "content-type", "text/html")));
        BOOST_TEST((co_await peer.answer(3)).http_status() == "415");
    });
}

BOOST_AUTO_TEST_CASE(handler_sees_method_headers_and_body) {
    web_server s(site_options());
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        std::string const body(20'000, 'b'); // in two frames
        raw_answer const got = co_await s.ask(peer, plain_fields("PUT", "/echo", "x-ask", "why"), body);
        BOOST_TEST(got.http_status() == "201");
        BOOST_TEST(got.headers.value("x-method") == "PUT");
        BOOST_TEST(got.headers.value("x-header") == "why");
        BOOST_TEST(got.data == body);
        raw_answer const empty = co_await s.ask(peer, plain_fields("GET", "/empty"));
        BOOST_TEST(empty.http_status() == "204");
        BOOST_TEST(empty.headers.end_stream);
        BOOST_TEST(empty.headers.value("connection") == "");
        BOOST_TEST(empty.headers.value("content-length") == "");
        co_await s.expect_grpc_served(peer);
    });
}

BOOST_AUTO_TEST_CASE(body_over_the_limit_is_refused_by_name) {
    web_server s(site_options());
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        co_await peer.send(headers_frame(1, plain_fields("PUT", "/echo")) + data_frame(1, std::string(16'384, 'x')) +
                           data_frame(1, std::string(16'000, 'x'))); // and no end
        s.next_id = 3;
        raw_answer const got = co_await peer.answer(1);
        BOOST_TEST(got.http_status() == "413");
        BOOST_TEST(got.data == "the body exceeds max_http_body_size of 20000 bytes\n");
        BOOST_TEST((co_await peer.frame_of(frame_type::rst_stream)).number(0) == 0u); // stop sending
        co_await s.expect_grpc_served(peer);
    });
}

BOOST_AUTO_TEST_CASE(headers_over_the_limit_are_refused_by_name) {
    web_server s;
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        raw_answer const got = co_await s.ask(peer, plain_fields("GET", "/healthz", "x", std::string(10'000, 'x')));
        BOOST_TEST(got.http_status() == "431");
        BOOST_TEST(got.data == "the request headers exceed max_header_list_size of 8192 bytes\n");
        co_await s.expect_grpc_served(peer);
    });
}

BOOST_AUTO_TEST_CASE(answer_that_cannot_be_sent_is_a_500) {
    web_server s(site_options());
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        for (std::string const path : {"/bad-name", "/bad-value", "/bad-status"}) {
            raw_answer const got = co_await s.ask(peer, plain_fields("GET", path));
            BOOST_TEST(got.http_status() == "500");
            BOOST_TEST(got.headers.value("b") == "");
        }
        co_await s.expect_grpc_served(peer);
    });
}

BOOST_AUTO_TEST_CASE(exception_is_a_500_and_told_to_the_observer_only) {
    struct witness final : observer {
        void handler_failed(std::string_view path, std::string_view, std::string_view what) noexcept override {
            seen.emplace_back(std::string(path) + " " + std::string(what));
        }
        std::vector<std::string> seen;
    };
    auto const watcher = std::make_shared<witness>();
    server_options o = site_options();
    o.observer = watcher;
    web_server s(o);
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        raw_answer const got = co_await s.ask(peer, plain_fields("GET", "/crash"));
        BOOST_TEST(got.http_status() == "500");
        BOOST_TEST(got.data == "");
        co_await s.expect_grpc_served(peer);
    });
    BOOST_TEST(watcher->seen == std::vector<std::string>{"/crash secret"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(large_answer_obeys_flow_control) {
    web_server s(site_options());
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        co_await peer.send(window_frame(0, 2'000'000) +
                           headers_frame(1, plain_fields("GET", "/large"), flag_end_stream) +
                           window_frame(1, 1'000'000));
        raw_answer const got = co_await peer.answer(1);
        BOOST_TEST(got.data.size() == 1'000'000u);
    });
}

BOOST_AUTO_TEST_CASE(client_may_go_before_the_answer) {
    web_server s(site_options());
    s.run([&]() -> awaitable<void> {
        raw_peer peer = co_await s.client();
        co_await peer.send(headers_frame(1, plain_fields("PUT", "/echo")) + data_frame(1, "x") + rst_frame(1, 8));
        s.next_id = 3;
        co_await s.expect_grpc_served(peer);
        co_await peer.send(headers_frame(5, plain_fields("PUT", "/echo")) + data_frame(5, "x"));
    });
    while (s.server.connection_count() != 0)
        s.io.run_one();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
