//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Compressed messages: all kinds of calls, every encoding, both directions, and what is refused.

#include "joust/rpc/server_stream.hpp"
#include "support/loopback.hpp"
#include "support/run_length.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;

struct pair_of_encodings {
    std::string request;
    std::string answer;
};

std::vector<pair_of_encodings> every_pair() {
    std::vector<pair_of_encodings> all;
    for (char const* const request : {"", "identity", "gzip", "deflate", "zstd", "run-length"})
        for (char const* const answer : {"", "gzip", "deflate", "zstd", "run-length"})
            all.push_back({request, answer});
    return all;
}

octets const large(200000, 'x');

bool compresses(std::string const& encoding) {
    return !encoding.empty() && encoding != "identity";
}

template <class T>
server_options knowing(T known) {
    server_options o;
    o.compressors = std::move(known);
    return o;
}

/// Echoes in the encoding that the metadata ask for, and says what came compressed.
struct compressing_server : loopback {
    explicit compressing_server(server_options o = knowing(with_run_length())) : loopback(std::move(o)) {
        server.add(bytes_service::unary, [this](octets q, call_context& c) -> result<octets> {
            note(c);
            if (status s = choose(c); !s.ok())
                return s;
            return q;
        });
        server.add(bytes_service::client_stream,
                   [this](server_reader<octets>& in, call_context& c) -> awaitable<octets> {
                       (void)choose(c);
                       octets all;
                       while (auto m = (co_await read(in)).value()) {
                           note(c);
                           all += *m;
                       }
                       co_return all;
                   });
        server.add(bytes_service::server_stream,
                   [this](octets q, server_writer<octets>& out, call_context& c) -> awaitable<void> {
                       note(c);
                       (void)choose(c);
                       for (int i = 0; i < 4; ++i) {
                           auto writing = out.async_write(q, write_options{i % 2 == 0});
                           (co_await std::move(writing)).value();
                       }
                   });
        server.add(bytes_service::bidi,
                   [this](server_stream<octets, octets>& both, call_context& c) -> awaitable<void> {
                       (void)choose(c);
                       while (auto m = (co_await read(both)).value()) {
                           note(c);
                           (co_await write(both, *m)).value();
                       }
                   });
        listen();
    }

    static status choose(call_context& c) {
        auto const wanted = c.request_metadata().get("x-answer");
        return wanted ? c.set_encoding(*wanted) : status();
    }
    void note(call_context const& c) { came_compressed.push_back(c.message_compressed()); }

    joust::channel knowing_channel() {
        channel_options o;
        o.compressors = with_run_length();
        return channel(std::move(o));
    }

    static call_options in(std::string const& request, std::string const& answer) {
        call_options o;
        o.encoding = request;
        if (!answer.empty())
            o.metadata.add("x-answer", answer);
        return o;
    }

    std::vector<bool> came_compressed;
};

using flags = std::vector<bool>;

} // namespace

BOOST_AUTO_TEST_SUITE(compression)

BOOST_FIXTURE_TEST_CASE(unary_calls_in_every_encoding, compressing_server) {
    run([&]() -> awaitable<void> {
        for (auto const& [request, answer] : every_pair()) {
            came_compressed.clear();
            auto const ch = knowing_channel();
            for (octets const& q : std::vector<octets>{large, "", "x"}) {
                response_info info;
                call_options o = in(request, answer);
                o.info = &info;
                came_compressed.clear();
                result<octets> const a = co_await call(ch, q, o);
                BOOST_TEST((a.value() == q));
                // What would not become smaller is sent as it is.
                BOOST_TEST((came_compressed == flags{q.size() > 1 && compresses(request)}));
                BOOST_TEST(info.compressed == (q.size() > 1 && compresses(answer)));
            }
        }
    });
}

BOOST_FIXTURE_TEST_CASE(client_streams_in_every_encoding, compressing_server) {
    run([&]() -> awaitable<void> {
        for (auto const& [request, answer] : every_pair()) {
            came_compressed.clear();
            auto const ch = knowing_channel();
            auto opening = ch.async_open(bytes_service::client_stream, in(request, answer));
            auto call = (co_await std::move(opening)).value();
            for (bool const compress : {true, false, true}) {
                auto writing = call.async_write(large, write_options{compress});
                (co_await std::move(writing)).value();
            }
            auto ending = call.async_writes_done();
            (co_await std::move(ending)).value();
            auto finishing = call.async_finish();
            result<octets> const a = co_await std::move(finishing);
            BOOST_TEST((a.value() == large + large + large));
            BOOST_TEST((came_compressed == flags{compresses(request), false, compresses(request)}));
            BOOST_TEST(call.message_compressed() == compresses(answer));
        }
    });
}

BOOST_FIXTURE_TEST_CASE(server_streams_in_every_encoding, compressing_server) {
    run([&]() -> awaitable<void> {
        for (auto const& [request, answer] : every_pair()) {
            came_compressed.clear();
            auto const ch = knowing_channel();
            auto opening = ch.async_open(bytes_service::server_stream, large, in(request, answer));
            auto call = (co_await std::move(opening)).value();
            flags answers;
            while (auto const m = (co_await read(call)).value()) {
                BOOST_TEST((*m == large));
                answers.push_back(call.message_compressed());
            }
            BOOST_TEST((answers == flags{compresses(answer), false, compresses(answer), false}));
            BOOST_TEST((came_compressed == flags{compresses(request)}));
        }
    });
}

BOOST_FIXTURE_TEST_CASE(bidi_streams_in_every_encoding, compressing_server) {
    run([&]() -> awaitable<void> {
        for (auto const& [request, answer] : every_pair()) {
            came_compressed.clear();
            auto const ch = knowing_channel();
            auto call = (co_await open_bidi(ch, in(request, answer))).value();
            for (octets const& m : std::vector<octets>{large, "", octets(1000, 'y')}) {
                (co_await write(call, m)).value();
                BOOST_TEST(((co_await read(call)).value() == m));
                BOOST_TEST(call.message_compressed() == (!m.empty() && compresses(answer)));
                BOOST_TEST(came_compressed.back() == (!m.empty() && compresses(request)));
            }
            (co_await writes_done(call)).value();
            (co_await finish(call)).value();
        }
    });
}

BOOST_FIXTURE_TEST_CASE(client_that_does_not_know_the_answers_encoding_gets_it_plain, compressing_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel(); // the standard encodings
        response_info info;
        call_options o = in("", "run-length");
        o.info = &info;
        BOOST_TEST(((co_await call(ch, large, o)).value() == large));
        BOOST_TEST(!info.compressed);
    });
}

BOOST_FIXTURE_TEST_CASE(encoding_that_the_channel_does_not_know_is_refused_before_it_connects, compressing_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        result<octets> const a = co_await call(ch, large, in("run-length", ""));
        BOOST_TEST((code_of(a) == status_code::internal));
        BOOST_TEST(message_of(a) == "the encoding 'run-length' is not known to the channel");
        BOOST_TEST(server.connection_count() == 0u);
        BOOST_TEST((code_of(co_await open_bidi(ch, in("snappy", ""))) == status_code::internal));
    });
}

BOOST_FIXTURE_TEST_CASE(encoding_that_the_server_does_not_know_is_internal_to_the_handler, compressing_server) {
    run([&]() -> awaitable<void> {
        auto const ch = knowing_channel();
        result<octets> const a = co_await call(ch, large, in("gzip", "snappy"));
        BOOST_TEST(message_of(a) == "the encoding 'snappy' is not known to the server");
    });
}

struct server_without : compressing_server {
    server_without() : compressing_server(knowing(std::make_shared<compressors const>())) {}
};

BOOST_FIXTURE_TEST_CASE(request_that_the_server_cannot_read_is_unimplemented, server_without) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        result<octets> const a = co_await call(ch, large, in("gzip", ""));
        BOOST_TEST((code_of(a) == status_code::unimplemented));
        BOOST_TEST(message_of(a) == "grpc-encoding 'gzip' is not supported");
        auto stream = (co_await open_bidi(ch, in("zstd", ""))).value();
        BOOST_TEST((code_of(co_await read(stream)) == status_code::unimplemented));
        BOOST_TEST(((co_await call(ch, large)).value() == large)); // the connection goes on
        BOOST_TEST(server.connection_count() == 1u);
    });
}

struct small_server : compressing_server {
    static server_options small() {
        server_options o = knowing(with_run_length());
        o.max_receive_message_size = 1000;
        return o;
    }
    small_server() : compressing_server(small()) {}
};

BOOST_FIXTURE_TEST_CASE(bombs_stop_at_the_servers_limit, small_server) {
    run([&]() -> awaitable<void> {
        auto const ch = knowing_channel();
        for (std::string const encoding : {"gzip", "deflate", "zstd", "run-length"}) {
            std::string const why = "message compressed with " + encoding +
                                    " exceeds max_receive_message_size of 1000 bytes when decompressed";
            octets const bomb(encoding == "run-length" ? 10000 : 500000, '\0');
            result<octets> const a = co_await call(ch, bomb, in(encoding, ""));
            BOOST_TEST((code_of(a) == status_code::resource_exhausted));
            BOOST_TEST(message_of(a) == why);
            auto stream = (co_await open_bidi(ch, in(encoding, ""))).value();
            (co_await write(stream, octets(1000, 'x'))).value();
            BOOST_TEST(((co_await read(stream)).value() == octets(1000, 'x')));
            (co_await write(stream, bomb)).value();
            BOOST_TEST(message_of(co_await read(stream)) == why);
        }
        BOOST_TEST(((co_await call(ch, "x")).value() == "x"));
    });
}

BOOST_FIXTURE_TEST_CASE(bombs_stop_at_the_clients_limit, compressing_server) {
    run([&]() -> awaitable<void> {
        auto const ch = knowing_channel();
        for (std::string const encoding : {"gzip", "deflate", "zstd", "run-length"}) {
            call_options o = in(encoding, encoding);
            o.max_receive_message_size = large.size() - 1;
            result<octets> const a = co_await call(ch, large, o);
            BOOST_TEST((code_of(a) == status_code::resource_exhausted));
            BOOST_TEST(message_of(a).ends_with("exceeds max_receive_message_size of 199999 bytes when decompressed"));
            auto stream = (co_await open_bidi(ch, o)).value();
            (co_await write(stream, large)).value();
            BOOST_TEST((code_of(co_await read(stream)) == status_code::resource_exhausted));
        }
        BOOST_TEST(((co_await call(ch, "x")).value() == "x"));
    });
}

struct throwing final : compressor {
    std::string_view name() const noexcept override { return "gzip"; }
    status compress(std::string_view, buffer&) const override { throw std::runtime_error("no luck"); }
    status decompress(std::string_view, std::size_t, buffer&) const override { throw std::runtime_error("no luck"); }
};

std::shared_ptr<compressors const> throwing_gzip() {
    compressors all;
    all.add(std::make_shared<throwing>());
    return std::make_shared<compressors const>(std::move(all));
}

struct server_with_bad_plug_in : compressing_server {
    server_with_bad_plug_in() : compressing_server(knowing(throwing_gzip())) {}
};

BOOST_FIXTURE_TEST_CASE(compressors_that_throw_fail_their_call_only, server_with_bad_plug_in) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        std::string const why = "the compressor gzip failed: no luck";
        BOOST_TEST(message_of(co_await call(ch, large, in("gzip", ""))) == why);
        BOOST_TEST(message_of(co_await call(ch, large, in("", "gzip"))) == why);
        channel_options o;
        o.compressors = throwing_gzip();
        auto const bad = channel(std::move(o));
        BOOST_TEST(message_of(co_await call(bad, large, in("gzip", ""))) == why);
        auto opening = bad.async_open(bytes_service::server_stream, large, in("gzip", ""));
        auto down = (co_await std::move(opening)).value();
        BOOST_TEST(message_of(co_await read(down)) == why);
        auto stream = (co_await open_bidi(bad, in("gzip", ""))).value();
        BOOST_TEST(message_of(co_await write(stream, large)) == why);
        (co_await writes_done(stream)).value(); // nothing was sent, the call goes on
        (co_await finish(stream)).value();
        BOOST_TEST(((co_await call(bad, large)).value() == large));
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
