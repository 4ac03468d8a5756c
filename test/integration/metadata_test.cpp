//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What travels beside the messages: metadata both ways, statuses with text and details.

#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

namespace joust::test::metadata_tests {

namespace {

using asio::awaitable;

octets const request = "hello";

std::string all_bytes() {
    std::string all;
    for (int c = 0; c < 256; ++c)
        all.push_back(static_cast<char>(c));
    return all;
}

/// Metadata with everything that may be sent.
metadata colourful() {
    metadata m;
    m.add("plain", "value with, comma; and ~tilde");
    m.add("repeated", "one");
    m.add("repeated", "two");
    m.add("0digit_under-dash.dot", "");
    m.add("all-bin", all_bytes());
    m.add("repeated-bin", std::string("\0", 1));
    m.add("repeated-bin", "");
    m.add("repeated-bin", "\xff\xfe");
    return m;
}

/// That `seen` has every pair of `colourful`, in order.
void expect_colourful(metadata const& seen) {
    for (char const* const key : {"plain", "repeated", "0digit_under-dash.dot", "all-bin", "repeated-bin"})
        BOOST_CHECK_MESSAGE(seen.get_all(key) == colourful().get_all(key), key);
}

/// Sends back the request's metadata, before the messages and with the status.
struct mirror : loopback {
    mirror() {
        server.add(bytes_service::unary, [](octets q, call_context& c) -> result<octets> {
            if (status s = reflect(c); !s.ok())
                return s;
            if (q == "refuse")
                return status(status_code::aborted, "refused");
            return q;
        });
        server.add(bytes_service::bidi, [](server_stream<octets, octets>& both, call_context& c) -> awaitable<status> {
            if (status s = reflect(c); !s.ok())
                co_return s;
            co_await echo_bytes::bidi(both);
            co_return status();
        });
        listen();
    }

    static status reflect(call_context& c) {
        metadata back = c.request_metadata();
        back.erase("user-agent"); // the connection's own
        c.trailing_metadata() = back;
        return c.set_initial_metadata(std::move(back));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(metadata_of_calls)

BOOST_FIXTURE_TEST_CASE(unary_metadata_travel_both_ways, mirror) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        for (octets const& q : {octets("answer"), octets("refuse")}) {
            response_info info;
            call_options options;
            options.metadata = colourful();
            options.info = &info;
            result<octets> const answer = co_await call(ch, q, options);
            BOOST_TEST(answer.has_value() == (q == "answer"));
            expect_colourful(info.trailing_metadata);
            if (answer.has_value()) // a refusal is one block: all its metadata are trailing
                expect_colourful(info.initial_metadata);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(stream_metadata_travel_both_ways, mirror) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        call_options options;
        options.metadata = colourful();
        auto stream = (co_await open_bidi(ch, options)).value();
        (co_await write(stream, "x")).value();
        metadata const initial = (co_await stream.async_read_initial_metadata(asio::use_awaitable)).value();
        expect_colourful(initial);
        (co_await writes_done(stream)).value();
        BOOST_TEST((co_await finish(stream)).has_value());
        expect_colourful(stream.trailing_metadata());
        metadata const again = (co_await stream.async_read_initial_metadata(asio::use_awaitable)).value();
        BOOST_TEST((again == initial));
    });
}

BOOST_FIXTURE_TEST_CASE(a_call_without_metadata_has_none, mirror) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        response_info info;
        call_options options;
        options.info = &info;
        BOOST_TEST((co_await call(ch, request, options)).has_value());
        BOOST_TEST(info.trailing_metadata.empty());
        BOOST_TEST(info.initial_metadata.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(pairs_that_may_not_be_sent_fail_the_call_at_home, mirror) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        using pair = std::pair<std::string_view, std::string_view>;
        for (auto const& [key, value] :
             {pair("grpc-status", "0"), pair("Key With Space", "x"), pair(":path", "/x"), pair("te", "x"),
              pair("", "x"), pair("plain", "line\nbreak"), pair("plain", "\x80")}) {
            call_options options;
            options.metadata.add(key, value);
            result<octets> const answer = co_await call(ch, request, options);
            BOOST_TEST(code_of(answer) == status_code::internal, key);
            BOOST_TEST(message_of(answer) != "");
        }
        BOOST_TEST(server.connection_count() == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_handler_hears_what_it_may_not_send, loopback) {
    std::vector<status> heard;
    server.add(bytes_service::bidi, [&](server_stream<octets, octets>& both, call_context& c) -> awaitable<void> {
        metadata bad;
        bad.add("grpc-status", "0");
        heard.push_back(c.set_initial_metadata(bad));
        heard.push_back(c.set_initial_metadata(metadata()));
        (co_await write(both, "headers are out")).value();
        heard.push_back(c.set_initial_metadata(metadata()));
        c.trailing_metadata().add("Bad Key", "x");
    });
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        BOOST_TEST((co_await read(stream)).value().value() == "headers are out");
        result<void> const outcome = co_await finish(stream);
        BOOST_TEST_REQUIRE(heard.size() == 3u);
        BOOST_TEST(heard[0].code() == status_code::internal);
        BOOST_TEST(heard[1].ok());
        BOOST_TEST(heard[2].code() == status_code::failed_precondition);
        // Nothing that HTTP/2 forbids may reach the wire: the client would take it for a broken connection.
        BOOST_TEST((co_await call(ch, request)).has_error());
        BOOST_TEST(server.connection_count() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(outer_spaces_of_others_are_taken, loopback) {
    std::optional<std::string> seen;
    server.add(bytes_service::unary, [&](octets q, call_context& c) {
        seen = c.request_metadata().get("x-spaced");
        return q;
    });
    listen();
    raw_server other(io);
    run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(address);
        field_list const spaced = {{"x-spaced", "  a b "}};
        co_await peer.send(client_hello() + headers_frame(1, request_fields(bytes_service::unary.path, spaced)) +
                           data_frame(1, grpc_message("x"), flag_end_stream));
        BOOST_TEST((co_await peer.answer(1)).grpc_status() == "0");
        BOOST_TEST(seen.value() == "  a b ");

        joust::channel const ch(io.get_executor(), other.address());
        std::optional<result<octets>> answer;
        response_info info;
        call_options options;
        options.info = &info;
        ch.async_call(bytes_service::unary, request, options, [&](result<octets> r) { answer = std::move(r); });
        raw_peer server_side = co_await other.accept();
        std::int32_t const id = (co_await server_side.headers()).id;
        field_list const trailers = {{"grpc-status", "0"}, {"x-spaced", "\t b "}};
        co_await server_side.send(headers_frame(id, response_fields()) + data_frame(id, grpc_message("y")) +
                                  headers_frame(id, trailers, flag_end_stream));
        while (!answer)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(answer->value() == "y");
        BOOST_TEST(info.trailing_metadata.get("x-spaced").value() == "\t b ");
    });
}

BOOST_FIXTURE_TEST_CASE(metadata_may_be_as_large_as_the_limit_says, loopback) {
    server_options roomy;
    roomy.max_header_list_size = 128 * 1024;
    joust::server large(io.get_executor(), roomy);
    large.add(bytes_service::unary, [](octets q, call_context& c) {
        for (auto const& value : c.request_metadata().get_all("large"))
            c.trailing_metadata().add("large", value);
        return q;
    });
    channel_options options;
    options.max_header_list_size = 128 * 1024;
    joust::channel const ch(io.get_executor(), large.listen("127.0.0.1:0").value().to_string(), options);
    run([&]() -> awaitable<void> {
        for (std::size_t const size :
             std::initializer_list<std::size_t>{7000, 8000, 9000, 16000, 17000, 33000, 60000, 100000}) {
            response_info info;
            call_options with;
            with.info = &info;
            // nghttp2 takes no single value of more than 64 KiB, whatever the limit of the list is.
            for (std::size_t left = size; left != 0; left -= std::min<std::size_t>(left, 50'000))
                with.metadata.add("large", std::string(std::min<std::size_t>(left, 50'000), 'x'));
            result<octets> const answer = co_await call(ch, request, with);
            BOOST_TEST(answer.has_value(), size << " " << message_of(answer));
            std::size_t back = 0;
            for (auto const& value : info.trailing_metadata.get_all("large"))
                back += value.size();
            BOOST_TEST(back == size);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(metadata_over_the_servers_limit_are_refused, mirror) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        call_options options;
        options.metadata.add("large", std::string(9000, 'x'));
        BOOST_TEST(code_of(co_await call(ch, request, options)) == status_code::resource_exhausted);
        BOOST_TEST((co_await call(ch, request)).has_value());
        BOOST_TEST(server.connection_count() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(metadata_over_the_clients_limit_fail_the_call, loopback) {
    server.add(bytes_service::unary, [](octets q, call_context& c) {
        if (q == "large")
            c.trailing_metadata().add("large", std::string(9000, 'x'));
        return q;
    });
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        result<octets> const answer = co_await call(ch, "large");
        BOOST_TEST(code_of(answer) == status_code::resource_exhausted);
        BOOST_TEST((co_await call(ch, request)).has_value());
        BOOST_TEST(server.connection_count() == 1u);
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statuses)

namespace {

status outcome_of(status const& sent) {
    loopback lo;
    lo.server.add(bytes_service::unary, [&](octets) { return result<octets>(sent); });
    lo.listen();
    status seen;
    lo.run([&]() -> awaitable<void> {
        auto const ch = lo.channel();
        result<octets> const answer = co_await call(ch, request);
        seen = answer.error();
    });
    return seen;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_code_arrives_as_it_was_sent) {
    for (int code = 1; code <= 16; ++code) {
        status const seen = outcome_of(status(to_status_code(code).value(), "why"));
        BOOST_TEST(static_cast<int>(seen.code()) == code);
        BOOST_TEST(seen.message() == "why");
        BOOST_CHECK(seen.origin() == status_origin::peer);
    }
}

BOOST_AUTO_TEST_CASE(texts_of_every_kind_arrive) {
    for (std::string const& text :
         {std::string(), std::string("100 % of 50%25 %"), std::string("Grüße, 世界 🎮"),
          std::string("line\nbreak\ttab\0nul", 18), std::string("  blank at both ends  "), std::string(4000, 'x')})
        BOOST_TEST(outcome_of(status(status_code::not_found, text)).message() == text);
}

BOOST_AUTO_TEST_CASE(details_of_every_byte_arrive) {
    for (std::string const& details : {std::string("x"), all_bytes(), std::string(3000, '\0')}) {
        status sent(status_code::failed_precondition, "with details");
        sent.set_details(details);
        status const seen = outcome_of(sent);
        BOOST_TEST(seen.message() == "with details");
        BOOST_TEST((seen.details() == details));
    }
}

BOOST_AUTO_TEST_CASE(one_that_does_not_fit_still_ends_the_call) {
    // The client accepts 8 KiB: what the server has to say is more.
    status sent(status_code::not_found, std::string(9000, 'x'));
    BOOST_TEST(outcome_of(sent).code() == status_code::resource_exhausted);
}

BOOST_AUTO_TEST_CASE(an_ok_in_an_error_is_no_success) {
    // A handler that returns "error: OK" has not answered.
    BOOST_TEST(outcome_of(status()).code() != status_code::ok);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::metadata_tests
