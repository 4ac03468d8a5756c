//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Clients that mean harm: what a server spends on them is bounded, and other clients are served meanwhile. Figures are
// printed with --log_level=message.

#include "support/loopback.hpp"
#include "support/raw_peer.hpp"
#include "support/sanitized.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;
using steady = std::chrono::steady_clock;

constexpr std::size_t mib = 1024 * 1024;
constexpr auto attack_time = 1500ms;

/// Bytes of this process in memory; 0 where the system does not say.
std::size_t resident() {
    std::ifstream statm("/proc/self/statm");
    std::size_t all = 0, pages = 0;
    statm >> all >> pages;
    return pages * 4096;
}

/// A server under attack by one client while another goes about its business.
struct besieged : loopback {
    int running = 0, most_running = 0;
    std::size_t attack_bytes = 0;
    int attackers = 0;
    std::string last_words; ///< what GOAWAY said to the attacker

    static server_options options() {
        server_options o;
        o.preface_timeout = 500ms;
        o.max_resets_per_second = 200; // reached on a slow machine, too
        return o;
    }

    besieged() : loopback(options()) {
        server.add(bytes_service::unary, [this](octets q) -> awaitable<octets> {
            if (q == "linger") { // ignores its cancellation
                ++running;
                most_running = std::max(most_running, running);
                co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
                asio::steady_timer timer(co_await asio::this_coro::executor, 300ms);
                co_await timer.async_wait(asio::use_awaitable);
                --running;
            }
            co_return q;
        });
        server.add(bytes_service::bidi, echo_bytes::bidi);
        server.add(bytes_service::server_stream, [](octets, server_writer<octets>& out) -> awaitable<status> {
            octets const much(64 * 1024, 'x');
            for (;;)
                if (auto const r = co_await write(out, much); r.has_error())
                    co_return r.error();
        });
        listen();
    }

    /// Connects, sends what `make()` returns again and again, and does it anew when the server has had enough.
    template <class Make>
    awaitable<void> flood(bool reads, Make make) {
        for (auto const end = steady::now() + attack_time; steady::now() < end;) {
            raw_peer attacker = co_await raw_peer::connect(address);
            ++attackers;
            bool reading = reads;
            if (reads)
                asio::co_spawn(io, listen_to(attacker, reading), asio::detached);
            // A server that reads no more blocks the write: then it has won.
            asio::steady_timer bell(io, end);
            bell.async_wait([&](boost::system::error_code ec) {
                if (!ec)
                    attacker.socket().close();
            });
            try {
                co_await attacker.send(client_hello() + settings_ack());
                auto next = make();
                while (steady::now() < end) {
                    std::string bytes = next();
                    std::size_t const size = bytes.size();
                    co_await attacker.send(std::move(bytes));
                    attack_bytes += size;
                }
            } catch (boost::system::system_error const&) {
            }
            bell.cancel();
            boost::system::error_code ignored;
            attacker.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
            while (reading)
                co_await asio::post(asio::use_awaitable);
            attacker.socket().close(ignored);
            co_await asio::post(asio::use_awaitable); // the bell refers to the attacker
        }
    }

    /// Only reads: another write would fall into the flood's.
    awaitable<void> listen_to(raw_peer& attacker, bool& reading) {
        std::string const heard = co_await attacker.rest();
        for (std::string_view const word :
             {"max_resets_per_second", "too_many_pings", "max_header_list_size", "too many frames to acknowledge"})
            if (heard.find(word) != std::string::npos)
                last_words = word;
        reading = false;
    }

    /// Runs `attack()`, and honest calls beside it.
    template <class Attack>
    void withstand(std::string const& name, std::size_t most_memory, Attack attack) {
        bool over = false;
        std::size_t peak = 0;
        int served = 0, failed = 0;
        steady::duration slowest{};
        run([&]() -> awaitable<void> {
            auto const neighbour = channel();
            for (int i = 0; i != 100; ++i) { // whatever is allocated once
                auto const warm = co_await call(neighbour, "warm");
                BOOST_TEST(warm.has_value());
            }
            std::size_t const before = resident();
            asio::co_spawn(
                io,
                [&]() -> awaitable<void> {
                    do // until it has had others to get in the way of
                        co_await attack();
                    while (served < 5);
                },
                [&](std::exception_ptr e) {
                    over = true;
                    if (e)
                        std::rethrow_exception(e);
                });
            call_options options;
            options.timeout = 5s;
            while (!over) {
                auto const begun = steady::now();
                auto const answer = co_await call(neighbour, "honest", options);
                (answer.has_value() ? served : failed) += 1;
                slowest = std::max(slowest, steady::now() - begun);
                peak = std::max(peak, std::max(resident(), before) - before);
            }
        });
        BOOST_TEST_MESSAGE(name << ": " << attack_bytes / 1024 << " KiB sent on " << attackers
                                << " connections, resident memory +" << peak / 1024 << " KiB, others: " << served
                                << " calls served, slowest "
                                << std::chrono::duration_cast<std::chrono::milliseconds>(slowest).count() << " ms"
                                << (last_words.empty() ? "" : ", GOAWAY ") << last_words);
        BOOST_TEST(failed == 0);
        if (!sanitized)
            BOOST_TEST(peak <= most_memory);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(attacks)

BOOST_FIXTURE_TEST_CASE(reset_flood, besieged) {
    withstand("reset flood", 24 * mib, [&] {
        return flood(true, [] {
            return [id = std::int32_t{-1}]() mutable {
                std::string bytes;
                while (bytes.size() < 64 * 1024) {
                    id += 2;
                    bytes += headers_frame(id, request_fields(bytes_service::unary.path)) +
                             data_frame(id, grpc_message("linger"), flag_end_stream) + rst_frame(id, 8);
                }
                return bytes;
            };
        });
    });
    BOOST_TEST(most_running <= 200 * attackers);
    BOOST_TEST(last_words == "max_resets_per_second");
}

BOOST_FIXTURE_TEST_CASE(flood_of_refused_streams, besieged) {
    withstand("streams above the limit", 24 * mib, [&] {
        return flood(true, [] {
            return [id = std::int32_t{-1}]() mutable {
                std::string bytes;
                while (bytes.size() < 64 * 1024) {
                    id += 2;
                    bytes += headers_frame(id, request_fields(bytes_service::bidi.path));
                }
                return bytes;
            };
        });
    });
    BOOST_TEST(last_words == "max_resets_per_second");
}

BOOST_FIXTURE_TEST_CASE(flood_of_refused_streams_by_one_who_does_not_read, besieged) {
    withstand("streams above the limit, refusals not read", 24 * mib, [&] {
        return flood(false, [] {
            return [id = std::int32_t{-1}]() mutable {
                std::string bytes;
                while (bytes.size() < 64 * 1024) {
                    id += 2;
                    bytes += headers_frame(id, request_fields(bytes_service::bidi.path));
                }
                return bytes;
            };
        });
    });
}

BOOST_FIXTURE_TEST_CASE(ping_flood, besieged) {
    withstand("ping flood", 8 * mib, [&] {
        return flood(true, [] {
            return [] {
                std::string bytes;
                while (bytes.size() < 64 * 1024)
                    bytes += ping_frame("12345678");
                return bytes;
            };
        });
    });
    BOOST_TEST(last_words == "too_many_pings");
}

BOOST_FIXTURE_TEST_CASE(settings_flood, besieged) {
    withstand("settings flood", 8 * mib, [&] {
        return flood(true, [] {
            return [] {
                std::string bytes;
                while (bytes.size() < 64 * 1024)
                    bytes += settings_frame({{settings_initial_window_size, 65535}});
                return bytes;
            };
        });
    });
}

BOOST_FIXTURE_TEST_CASE(settings_flood_by_one_who_does_not_read, besieged) {
    withstand("settings flood, answers not read", 8 * mib, [&] {
        return flood(false, [] {
            return [] {
                std::string bytes;
                while (bytes.size() < 64 * 1024)
                    bytes += settings_frame();
                return bytes;
            };
        });
    });
}

BOOST_FIXTURE_TEST_CASE(flood_of_single_bytes, besieged) {
    withstand("DATA of one byte each", 8 * mib, [&] {
        return flood(true, [] {
            return [first = true]() mutable {
                std::string bytes;
                if (std::exchange(first, false))
                    bytes = headers_frame(1, request_fields(bytes_service::bidi.path)) +
                            data_frame(1, big_endian(0x0000300000, 5));
                while (bytes.size() < 64 * 1024)
                    bytes += data_frame(1, "x") + data_frame(1, "");
                return bytes;
            };
        });
    });
}

BOOST_FIXTURE_TEST_CASE(slow_readers, besieged) {
    std::vector<raw_peer> others;
    // 100 streams with a window that is wide open, on connections that are not read.
    withstand("5 slow readers with 100 streams each", 128 * mib, [&]() -> awaitable<void> {
        std::string ask = window_frame(0, 0x7fff0000);
        for (std::int32_t id = 1; id != 201; id += 2)
            ask += headers_frame(id, request_fields(bytes_service::server_stream.path)) +
                   data_frame(id, grpc_message("go"), flag_end_stream) + window_frame(id, 0x7fff0000);
        attack_bytes += 5 * ask.size();
        for (int i = 0; i != 5; ++i, ++attackers) {
            others.push_back(co_await raw_peer::connect(address));
            co_await others.back().send(client_hello() + ask);
        }
        asio::steady_timer timer(io, attack_time);
        co_await timer.async_wait(asio::use_awaitable);
    });
}

BOOST_FIXTURE_TEST_CASE(slow_writers, besieged) {
    std::vector<raw_peer> others;
    // Half a preface on some connections, half a message on a hundred streams of another; a byte now and then.
    withstand("slow writers: 200 connections, 100 streams", 24 * mib, [&]() -> awaitable<void> {
        for (int i = 0; i != 200; ++i, ++attackers) {
            others.push_back(co_await raw_peer::connect(address));
            co_await others.back().send(std::string(preface.substr(0, 12)));
        }
        std::string ask = client_hello();
        raw_peer attacker = co_await raw_peer::connect(address);
        for (std::int32_t id = 1; id != 201; id += 2)
            ask += headers_frame(id, request_fields(bytes_service::unary.path)) +
                   data_frame(id, grpc_message(std::string(1000, 'x')).substr(0, 100));
        co_await attacker.send(ask);
        asio::steady_timer timer(io);
        for (auto const end = steady::now() + attack_time; steady::now() < end;) {
            timer.expires_after(20ms);
            co_await timer.async_wait(asio::use_awaitable);
            co_await attacker.send(data_frame(1 + 2 * static_cast<std::int32_t>(attack_bytes % 100), "x"));
            ++attack_bytes;
        }
    });
    run([&]() -> awaitable<void> { // those that never spoke are gone
        while (server.connection_count() > 2)
            co_await asio::post(asio::use_awaitable);
    });
}

BOOST_FIXTURE_TEST_CASE(never_ending_headers, besieged) {
    withstand("CONTINUATION without end", 8 * mib, [&] {
        return flood(true, [] {
            return [first = true]() mutable {
                std::string bytes;
                if (std::exchange(first, false))
                    bytes = frame(frame_type::headers, flag_none, 1, hpack(request_fields()));
                while (bytes.size() < 64 * 1024)
                    bytes += frame(frame_type::continuation, flag_none, 1, hpack({{"x", std::string(8000, 'x')}}));
                return bytes;
            };
        });
    });
}

BOOST_FIXTURE_TEST_CASE(never_ending_headers_of_nothing, besieged) {
    withstand("empty CONTINUATION without end", 8 * mib, [&] {
        return flood(true, [] {
            return [first = true]() mutable {
                std::string bytes;
                if (std::exchange(first, false))
                    bytes = frame(frame_type::headers, flag_none, 1, hpack(request_fields()));
                while (bytes.size() < 64 * 1024)
                    bytes += frame(frame_type::continuation, flag_none, 1, {});
                return bytes;
            };
        });
    });
    BOOST_TEST(last_words == "max_header_list_size");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
