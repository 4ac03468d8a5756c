//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What no honest client sends. Each is answered as the contract says, and the others are served on: calls on the same
// connection wherever HTTP/2 allows it, other connections always.

#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;
using namespace std::string_literals;

std::string const path{bytes_service::unary.path};
std::string const stream_path{bytes_service::bidi.path};
std::vector<std::string> const both_paths = {path, stream_path};

/// A server, a neighbour's connection that must not notice anything, and a raw client.
struct plagued_server : loopback {
    std::optional<joust::channel> neighbour;
    long_wait handler{io};
    int streams_cancelled = 0;

    static server_options options() {
        server_options o;
        o.max_receive_message_size = 1000;
        return o;
    }

    plagued_server() : loopback(options()) {
        server.add(bytes_service::unary, [this](octets q) -> awaitable<octets> {
            if (q == "wait")
                co_await handler();
            co_return q;
        });
        server.add(bytes_service::bidi, [this](server_stream<octets, octets>& both) -> awaitable<status> {
            for (;;) {
                auto const m = co_await read(both);
                if (m.has_error()) {
                    ++streams_cancelled;
                    co_return m.error();
                }
                if (!*m)
                    co_return status();
                (co_await write(both, **m)).value();
            }
        });
        listen();
        neighbour = channel();
    }

    /// A client that has said hello.
    awaitable<raw_peer> client() {
        raw_peer peer = co_await raw_peer::connect(address);
        co_await peer.send(client_hello());
        co_return peer;
    }

    awaitable<void> expect_neighbour_served() {
        result<octets> const answer = co_await call(*neighbour, "neighbour");
        BOOST_TEST(answer.value() == "neighbour");
    }

    /// The same connection answers an honest call on the stream of this id, and so does another connection.
    awaitable<void> expect_served(raw_peer& peer, std::int32_t id) {
        co_await peer.send(headers_frame(id, request_fields(path)) +
                           data_frame(id, grpc_message("honest"), flag_end_stream));
        raw_answer const answer = co_await peer.answer(id);
        BOOST_TEST(answer.grpc_status() == "0");
        BOOST_TEST(answer.data == grpc_message("honest"));
        co_await expect_neighbour_served();
    }

    /// Sends what is no call on stream 1 and returns the answer; then an honest call is served.
    awaitable<raw_answer> answer_to(std::string frames) {
        raw_peer peer = co_await client();
        co_await peer.send(std::move(frames));
        raw_answer answer = co_await peer.answer(1);
        co_await expect_served(peer, 3);
        co_return answer;
    }

    /// The request of `fields` with a message, and how it is answered.
    awaitable<raw_answer> answer_to_head(field_list fields) {
        co_return co_await answer_to(headers_frame(1, fields) + data_frame(1, grpc_message("x"), flag_end_stream));
    }

    awaitable<void> no_connections_but(std::size_t n) {
        while (server.connection_count() != n)
            co_await asio::post(asio::use_awaitable);
    }
};

/// A request's fields and one more.
field_list with(std::string const& name, std::string const& value) {
    return request_fields(path, {{name, value}});
}

/// A request's fields with one of them replaced, or left out when its new value is empty.
field_list changed(std::string_view name, std::string_view value) {
    field_list fields = request_fields(path);
    std::erase_if(fields, [&](auto const& f) { return f.first == name; });
    if (!value.empty() && name.starts_with(':'))
        fields.insert(fields.begin(), {std::string(name), std::string(value)});
    else if (!value.empty())
        fields.emplace_back(name, value);
    return fields;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bad_connections)

BOOST_FIXTURE_TEST_CASE(garbage_instead_of_a_preface_is_hung_up_on, plagued_server) {
    run([&]() -> awaitable<void> {
        co_await expect_neighbour_served();
        std::vector<std::string> const kinds = {std::string(30, '\0'), std::string(5000, 'x'),
                                                "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client hello ...."s,
                                                std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r")};
        for (std::string const& garbage : kinds) {
            raw_peer peer = co_await raw_peer::connect(address);
            co_await peer.send(garbage);
            co_await peer.rest();
            co_await no_connections_but(1);
            co_await expect_neighbour_served();
        }
    });
}

BOOST_FIXTURE_TEST_CASE(an_http_1_request_is_hung_up_on, plagued_server) {
    run([&]() -> awaitable<void> {
        co_await expect_neighbour_served();
        raw_peer peer = co_await raw_peer::connect(address);
        co_await peer.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\r\n");
        co_await peer.rest();
        co_await no_connections_but(1);
        co_await expect_neighbour_served();
    });
}

BOOST_FIXTURE_TEST_CASE(a_preface_in_pieces_is_waited_for, plagued_server) {
    run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(address);
        for (char const c : client_hello())
            co_await peer.send(std::string(1, c));
        co_await expect_served(peer, 1);
    });
}

BOOST_FIXTURE_TEST_CASE(a_client_that_goes_at_any_byte_is_forgotten, plagued_server) {
    std::string const all = client_hello() + headers_frame(1, request_fields(path)) +
                            data_frame(1, grpc_message("wait"), flag_end_stream) +
                            headers_frame(3, request_fields(stream_path)) + data_frame(3, grpc_message("x"));
    run([&]() -> awaitable<void> {
        co_await expect_neighbour_served();
        for (std::size_t cut = 0; cut <= all.size(); cut += 3) {
            raw_peer peer = co_await raw_peer::connect(address);
            co_await peer.send(all.substr(0, cut));
        }
        co_await no_connections_but(1);
        co_await expect_neighbour_served();
        BOOST_TEST((!handler.started.is_set() || handler.cancelled.is_set()));
    });
}

BOOST_FIXTURE_TEST_CASE(frames_that_break_http2_end_the_connection_with_goaway, plagued_server) {
    run([&]() -> awaitable<void> {
        co_await expect_neighbour_served();
        std::vector<std::pair<std::string, std::uint32_t>> const broken = {
            {data_frame(0, "x"), 1},                                                       // PROTOCOL_ERROR
            {frame(frame_type::headers, flag_end_headers, 2, hpack(request_fields())), 1}, // a server's stream
            {frame(frame_type::window_update, 0, 0, big_endian(0, 4)), 1},
            {window_frame(0, 0x7fffffff) + window_frame(0, 0x7fffffff), 3}, // FLOW_CONTROL_ERROR
            {frame(frame_type::ping, 0, 0, "short"), 6},                    // FRAME_SIZE_ERROR
            {frame(frame_type::data, 0, 1, std::string(20'000, 'x')), 6},
            {frame(frame_type::settings, flag_ack, 0, "x"), 6},
            {frame(frame_type::headers, flag_end_headers, 1, "\xff\xff\xff\xff\xff\xff"), 9},  // COMPRESSION_ERROR
            {frame(frame_type::headers, 0, 1, hpack(request_fields())) + settings_frame(), 1}, // not CONTINUATION
        };
        for (std::size_t i = 0; i < broken.size(); ++i) {
            BOOST_TEST_CHECKPOINT("broken frame " << i);
            raw_peer peer = co_await client();
            co_await peer.send(broken[i].first);
            parsed_frame const goaway = co_await peer.frame_of(frame_type::goaway);
            BOOST_TEST(goaway.number(4) == broken[i].second, "broken frame " << i);
            co_await peer.rest();
            co_await no_connections_but(1);
        }
        co_await expect_neighbour_served();
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bad_heads)

BOOST_FIXTURE_TEST_CASE(unknown_paths_are_unimplemented, plagued_server) {
    run([&]() -> awaitable<void> {
        std::vector<std::pair<std::string, std::string>> const unknown = {
            {"/no.Such/Method", "unknown service no.Such"},
            {"/test.Bytes/Nope", "unknown method Nope for service test.Bytes"},
            {"/test.Bytes/", "unknown method  for service test.Bytes"},
            {"/test.Bytes/Unary/more", "unknown method Unary/more for service test.Bytes"},
            {"/test.Bytes", "malformed method name: '/test.Bytes'"},
            {"/", "malformed method name: '/'"},
        };
        for (auto const& [unknown_path, why] : unknown) {
            raw_answer const answer = co_await answer_to_head(request_fields(unknown_path));
            BOOST_TEST(answer.http_status() == "200");
            BOOST_TEST(answer.grpc_status() == "12");
            BOOST_TEST(answer.value("grpc-message") == why);
            BOOST_TEST(answer.headers.end_stream); // Trailers-Only
        }
    });
}

BOOST_FIXTURE_TEST_CASE(other_content_types_are_415, plagued_server) {
    run([&]() -> awaitable<void> {
        for (std::string const type : {"", "application/json", "text/plain", "application/grpcx", "application/grp",
                                       "application/grpc-web", "application/grpc-web+proto"}) {
            raw_answer const answer = co_await answer_to_head(changed("content-type", type));
            BOOST_TEST(answer.http_status() == "415", type);
        }
        for (std::string const type : {"application/grpc", "application/grpc+proto", "application/grpc+json",
                                       "application/grpc;charset=utf-8"}) {
            raw_answer const answer = co_await answer_to_head(changed("content-type", type));
            BOOST_TEST(answer.grpc_status() == "0", type);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(other_methods_are_405, plagued_server) {
    run([&]() -> awaitable<void> {
        for (std::string const method : {"GET", "PUT", "post"}) {
            raw_answer const answer = co_await answer_to_head(changed(":method", method));
            BOOST_TEST(answer.http_status() == "405", method);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(a_missing_te_is_internal, plagued_server) {
    run([&]() -> awaitable<void> {
        raw_answer const missing = co_await answer_to_head(changed("te", ""));
        BOOST_TEST(missing.grpc_status() == "13");
        BOOST_TEST(missing.value("grpc-message") == "missing header te: trailers");
    });
}

BOOST_FIXTURE_TEST_CASE(unknown_encodings_are_unimplemented_and_the_known_ones_named, plagued_server) {
    run([&]() -> awaitable<void> {
        for (std::string const encoding : {"br", "snappy", "x"}) {
            raw_answer const answer = co_await answer_to_head(with("grpc-encoding", encoding));
            BOOST_TEST(answer.grpc_status() == "12");
            BOOST_TEST(answer.value("grpc-message") == "grpc-encoding '" + encoding + "' is not supported");
            BOOST_TEST(answer.headers.value("grpc-accept-encoding") == "identity,gzip,deflate,zstd");
        }
        raw_answer const none = co_await answer_to_head(with("grpc-encoding", "identity"));
        BOOST_TEST(none.grpc_status() == "0");
    });
}

BOOST_FIXTURE_TEST_CASE(malformed_values_are_internal, plagued_server) {
    run([&]() -> awaitable<void> {
        field_list const malformed = {{"grpc-timeout", "1"},
                                      {"grpc-timeout", "123456789S"},
                                      {"grpc-timeout", "-1S"},
                                      {"grpc-timeout", "1x"},
                                      {"some-bin", "not base64!"}};
        for (auto const& [name, value] : malformed) {
            raw_answer const answer = co_await answer_to_head(with(name, value));
            BOOST_TEST(answer.grpc_status() == "13");
            BOOST_TEST(answer.value("grpc-message") == "malformed value of header '" + name + "': '" + value + "'");
        }
    });
}

BOOST_FIXTURE_TEST_CASE(a_head_over_its_limit_is_resource_exhausted, plagued_server) {
    run([&]() -> awaitable<void> {
        field_list const fields = with("large", std::string(9000, 'x'));
        raw_answer const answer =
            co_await answer_to(continued_headers(1, fields, 4000) + data_frame(1, grpc_message("x"), flag_end_stream));
        BOOST_TEST(answer.grpc_status() == "8");
    });
}

BOOST_FIXTURE_TEST_CASE(fields_that_http2_forbids_reset_their_stream_only, plagued_server) {
    run([&]() -> awaitable<void> {
        std::vector<field_list> const forbidden = {with("Upper-Case", "x"), with("connection", "close"),
                                                   changed(":path", ""),    changed(":path", "*"),
                                                   changed(":scheme", ""),  with(":path", "/twice/Named")};
        for (field_list const& fields : forbidden) {
            raw_answer const answer = co_await answer_to_head(fields);
            BOOST_TEST(answer.reset);
            BOOST_TEST(answer.reset_code == 1u); // PROTOCOL_ERROR
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bad_messages)

BOOST_FIXTURE_TEST_CASE(a_number_of_requests_other_than_one_is_unimplemented, plagued_server) {
    run([&]() -> awaitable<void> {
        std::string const head = headers_frame(1, request_fields(path));
        std::vector<std::string> const calls = {
            headers_frame(1, request_fields(path), flag_end_stream), head + data_frame(1, "", flag_end_stream),
            head + data_frame(1, grpc_message("a") + grpc_message("b"), flag_end_stream)};
        for (std::string const& frames : calls) {
            raw_answer const answer = co_await answer_to(frames);
            BOOST_TEST(answer.grpc_status() == "12");
        }
    });
}

BOOST_FIXTURE_TEST_CASE(one_over_its_limit_is_refused_before_it_came, plagued_server) {
    run([&]() -> awaitable<void> {
        for (std::string const& p : both_paths) {
            // Only its length has been sent, and the client goes on sending afterwards.
            raw_peer peer = co_await client();
            co_await peer.send(headers_frame(1, request_fields(p)) +
                               data_frame(1, std::string(1, '\0') + big_endian(1001, 4)));
            raw_answer const answer = co_await peer.answer(1);
            BOOST_TEST(answer.grpc_status() == "8");
            BOOST_TEST(answer.value("grpc-message") ==
                       "message of 1001 bytes exceeds max_receive_message_size of 1000 bytes");
            co_await peer.send(data_frame(1, "more of it", flag_end_stream));
            co_await expect_served(peer, 3);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(a_length_that_lies_is_believed_only_within_the_limit, plagued_server) {
    run([&]() -> awaitable<void> {
        for (std::string const& p : both_paths) {
            std::string const head = headers_frame(1, request_fields(p));
            // More than follows: the stream ends inside the message.
            raw_answer const longer = co_await answer_to(
                head + data_frame(1, std::string(1, '\0') + big_endian(100, 4) + "x", flag_end_stream));
            BOOST_TEST(longer.grpc_status() == "13");
            BOOST_TEST(longer.value("grpc-message") == "the stream ended inside a message");
            // Four gigabytes.
            raw_answer const huge = co_await answer_to(
                head + data_frame(1, std::string(1, '\0') + std::string(4, '\xff'), flag_end_stream));
            BOOST_TEST(huge.grpc_status() == "8");
            // A prefix that is cut.
            raw_answer const cut = co_await answer_to(head + data_frame(1, std::string(3, '\0'), flag_end_stream));
            BOOST_TEST(cut.grpc_status() == "13");
        }
        // Less than follows: the rest is taken for another message.
        raw_answer const shorter = co_await answer_to(
            headers_frame(1, request_fields(path)) +
            data_frame(1, std::string(1, '\0') + big_endian(1, 4) + "x\xff\xff\xff\xff\xff", flag_end_stream));
        BOOST_TEST(shorter.grpc_status() != "0");
    });
}

BOOST_FIXTURE_TEST_CASE(wrong_compression_flags_are_internal, plagued_server) {
    run([&]() -> awaitable<void> {
        for (std::string const& p : both_paths)
            for (std::uint8_t const flag : std::array<std::uint8_t, 3>{1, 2, 255}) {
                raw_answer const answer = co_await answer_to(headers_frame(1, request_fields(p)) +
                                                             data_frame(1, grpc_message("x", flag), flag_end_stream));
                BOOST_TEST(answer.grpc_status() == "13");
            }
    });
}

BOOST_FIXTURE_TEST_CASE(one_in_frames_of_a_byte_is_a_message, plagued_server) {
    run([&]() -> awaitable<void> {
        std::string frames = headers_frame(1, request_fields(path));
        std::string const message = grpc_message("honest, but slow");
        for (std::size_t i = 0; i < message.size(); ++i)
            frames += data_frame(1, "") + data_frame(1, message.substr(i, 1));
        raw_answer const answer = co_await answer_to(frames + data_frame(1, "", flag_end_stream));
        BOOST_TEST(answer.grpc_status() == "0");
        BOOST_TEST(answer.data == message);
    });
}

BOOST_FIXTURE_TEST_CASE(a_client_that_resets_cancels_the_handler, plagued_server) {
    run([&]() -> awaitable<void> {
        for (std::uint32_t const code : {8u, 0u, 2u}) { // CANCEL, NO_ERROR, INTERNAL_ERROR
            handler.started = event(io.get_executor());
            handler.cancelled = event(io.get_executor());
            raw_peer peer = co_await client();
            co_await peer.send(headers_frame(1, request_fields(path)) +
                               data_frame(1, grpc_message("wait"), flag_end_stream));
            co_await handler.started.wait();
            co_await peer.send(rst_frame(1, code));
            co_await handler.cancelled.wait();
            co_await expect_served(peer, 3);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(a_client_that_vanishes_mid_message_cancels_the_call, plagued_server) {
    run([&]() -> awaitable<void> {
        {
            raw_peer peer = co_await client();
            co_await peer.send(headers_frame(1, request_fields(stream_path)) +
                               data_frame(1, grpc_message("whole") + grpc_message("torn").substr(0, 7)));
            co_await peer.frame_of(frame_type::data);
        }
        while (streams_cancelled == 0)
            co_await asio::post(asio::use_awaitable);
        co_await expect_neighbour_served();
        co_await no_connections_but(1);
    });
}

BOOST_FIXTURE_TEST_CASE(data_beyond_the_streams_window_reset_it, plagued_server) {
    run([&]() -> awaitable<void> {
        raw_peer peer = co_await client();
        co_await peer.send(headers_frame(1, request_fields(path)) +
                           data_frame(1, grpc_message("wait"), flag_end_stream));
        co_await handler.started.wait();
        // A window of 1 MiB, a handler that does not read: 2 MiB.
        std::string flood = headers_frame(3, request_fields(path));
        for (int i = 0; i < 128; ++i)
            flood += data_frame(3, std::string(16'384, '\0'));
        co_await peer.send(flood);
        raw_answer const answer = co_await peer.answer(3);
        BOOST_TEST((answer.reset || answer.grpc_status() != "0"));
        BOOST_TEST(!handler.cancelled.is_set());
        co_await expect_served(peer, 5);
    });
}

BOOST_FIXTURE_TEST_CASE(resets_in_plenty_are_survived, plagued_server) {
    run([&]() -> awaitable<void> {
        raw_peer peer = co_await client();
        std::int32_t id = 1;
        for (int round = 0; round < 10; ++round) {
            std::string frames;
            for (int i = 0; i < 100; ++i, id += 2)
                frames += headers_frame(id, request_fields(stream_path)) + rst_frame(id, 8);
            co_await peer.send(frames);
        }
        co_await expect_served(peer, id);
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
