//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Calls joust.test.Echo on a stock server that serves it as support/echo_service.hpp does.
//
// usage: echo_client ADDRESS [CALLS]
//
// CALLS is how many calls many_calls makes at once, 100 unless given.
//
// Prints `ok CASE` or `FAIL CASE why` for each case, named as in the other peers; the exit code is 1 when one failed.

#include "echo_calls.hpp"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/duration.pb.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>

namespace joust::test {
namespace {

constexpr std::size_t mib = 1024 * 1024;

int calls_at_once = 0; // in many_calls

// --- the four kinds -------------------------------------------------------------------------------------------------

awaitable<void> test_unary(channel via) {
    std::string const data = every_byte();
    EchoReply const reply = (co_await unary(via, {.text = awkward, .data = data})).value();
    require_equal(reply.text(), awkward);
    require(reply.data() == data, "other data");
    EchoReply const empty = (co_await unary(via, {})).value();
    require_equal(empty.ByteSizeLong(), 0U);
}

awaitable<void> test_client_stream(channel via) {
    std::vector<fields> const requests{{.text = "a", .data = "1"}, {.text = "ü"}, {.text = "c", .data = "2"}};
    EchoReply const reply = (co_await client_stream(via, requests)).value();
    require_equal(reply.text(), "aüc");
    require_equal(reply.data(), "12");
    require_equal(reply.index(), 3);
}

awaitable<void> test_server_stream(channel via) {
    auto call = co_await server_stream(via, {.text = "x", .count = 500});
    replies const got = co_await rest(call);
    got.outcome.value();
    require_equal(got.all.size(), 500U);
    for (int i = 0; i != 500; ++i) {
        auto const& reply = got.all[static_cast<std::size_t>(i)];
        require_equal(reply.index(), i);
        require_equal(reply.text(), "x");
    }
}

/// Each answer before the next request.
awaitable<void> test_bidi_stream(channel via) {
    auto call = co_await bidi_stream(via);
    for (int i = 0; i != 20; ++i) {
        std::string const text = std::to_string(i);
        co_await write(call, {.text = text, .count = 2});
        for (int index = 0; index != 2; ++index) {
            auto const reply = (co_await read(call)).value();
            require(reply.has_value(), "the stream has ended");
            require_equal(reply->text(), text);
            require_equal(reply->index(), index);
        }
    }
    co_await writes_done(call);
    replies const got = co_await rest(call);
    got.outcome.value();
    require_equal(got.all.size(), 0U);
}

awaitable<void> test_empty_streams(channel via) {
    std::vector<fields> const none;
    EchoReply const reply = (co_await client_stream(via, none)).value();
    require_equal(reply.index(), 0);
    auto down = co_await server_stream(via, {});
    replies const got = co_await rest(down);
    got.outcome.value();
    require_equal(got.all.size(), 0U);
    auto both = co_await bidi_stream(via);
    co_await writes_done(both);
    replies const neither = co_await rest(both);
    neither.outcome.value();
    require_equal(neither.all.size(), 0U);
}

// --- statuses -------------------------------------------------------------------------------------------------------

awaitable<void> test_status(channel via) {
    for (int code = 1; code <= 16; ++code) {
        result<EchoReply> const r = co_await unary(via, {.fail_code = code, .fail_message = awkward});
        status const s = require_failure(r, *to_status_code(code));
        require_equal(s.message(), awkward);
        require(s.origin() == status_origin::peer, "the status is not the peer's");
    }
    std::vector<fields> const requests{{.text = "a"}, {.fail_code = 9, .fail_message = "enough"}};
    result<EchoReply> const r = co_await client_stream(via, requests);
    require_equal(require_failure(r, status_code::failed_precondition).message(), "enough");
}

awaitable<void> test_stream_status(channel via) {
    auto down = co_await server_stream(via, {.count = 3, .fail_code = 10, .fail_message = awkward});
    replies const three = co_await rest(down);
    require_equal(require_failure(three.outcome, status_code::aborted).message(), awkward);
    require_equal(three.all.size(), 3U);
    auto both = co_await bidi_stream(via);
    co_await write(both, {.count = 1});
    co_await write(both, {.fail_code = 11, .fail_message = "the end"});
    replies const one = co_await rest(both);
    require_equal(require_failure(one.outcome, status_code::out_of_range).message(), "the end");
    require_equal(one.all.size(), 1U);
}

/// A google.rpc.Status whose message is "abc" and whose one detail is five seconds.
std::string not_found_details() {
    google::protobuf::Duration five;
    five.set_seconds(5);
    google::protobuf::Any detail;
    detail.PackFrom(five);
    std::string const bytes = detail.SerializeAsString();
    return "\x08\x05\x12\x03"
           "abc\x1a" +
           std::string(1, static_cast<char>(bytes.size())) + bytes;
}

awaitable<void> test_status_details(channel via) {
    std::string const details = not_found_details();
    result<EchoReply> const r = co_await unary(via, {.fail_code = 5, .fail_message = "abc", .data = details});
    status const s = require_failure(r, status_code::not_found);
    require_equal(s.message(), "abc");
    require(s.details() == details, "other details");
}

// --- metadata -------------------------------------------------------------------------------------------------------

std::string joined(std::vector<std::string_view> const& values, std::string_view separator) {
    std::string all;
    for (std::string_view const value : values)
        all.append(all.empty() ? "" : separator).append(value);
    return all;
}

void require_echoed(metadata const& initial, metadata const& trailing) {
    require_equal(joined(initial.get_all(echo::echo_initial), ", "), "a b, c");
    require(joined(trailing.get_all(echo::echo_trailing), "|") == every_byte() + "|", "other binary metadata");
}

awaitable<void> test_metadata(channel via) {
    response_info info;
    call_options options = in_time();
    options.info = &info;
    options.metadata.add(echo::echo_initial, "a b");
    options.metadata.add(echo::echo_initial, "c");
    options.metadata.add(echo::echo_trailing, every_byte());
    options.metadata.add(echo::echo_trailing, "");
    options.metadata.add("x-long", std::string(5000, 'v'));
    (co_await unary(via, {}, options)).value();
    require_echoed(info.initial_metadata, info.trailing_metadata);

    result<EchoReply> const r = co_await unary(via, {.fail_code = 5}, options);
    require_failure(r, status_code::not_found);
    // A server that sends nothing before the status sends both in one block.
    bool const one_block = info.initial_metadata.empty();
    require_echoed(one_block ? info.trailing_metadata : info.initial_metadata, info.trailing_metadata);

    options.info = nullptr;
    auto call = co_await server_stream(via, {.count = 1}, options);
    auto reading = call.async_read_initial_metadata();
    metadata const initial = (co_await std::move(reading)).value();
    replies const got = co_await rest(call);
    got.outcome.value();
    require_echoed(initial, call.trailing_metadata());
}

// --- the end of patience --------------------------------------------------------------------------------------------

awaitable<void> test_deadline(channel via) {
    report const before = co_await ask_for_report(via);
    auto const start = std::chrono::steady_clock::now();
    call_options soon;
    soon.timeout = 300ms;
    result<EchoReply> const r = co_await unary(via, {.delay_ms = 8000}, soon);
    require_failure(r, status_code::deadline_exceeded);
    auto call = co_await server_stream(via, {.count = 2, .delay_ms = 8000}, soon);
    replies const got = co_await rest(call);
    require_failure(got.outcome, status_code::deadline_exceeded);
    require(std::chrono::steady_clock::now() - start < 5s, "too late");
    co_await expect_cancellation(via, before.cancelled);
}

awaitable<void> test_deadline_is_sent(channel via) {
    for (std::chrono::milliseconds const limit : {2s, 90s, 36'000s}) {
        report const r = co_await ask_for_report(via, std::chrono::duration_cast<std::chrono::seconds>(limit));
        std::chrono::milliseconds const left(std::stoll(r.deadline_ms));
        require(left > limit - 1500ms && left <= limit + 1s, r.deadline_ms + " ms are left");
    }
    report const r = co_await ask_for_report(via, std::nullopt);
    require_equal(r.deadline_ms, "none");
}

awaitable<void> test_cancellation(channel via) {
    report const before = co_await ask_for_report(via);
    auto const cancel = std::make_shared<asio::cancellation_signal>();
    asio::steady_timer timer(co_await asio::this_coro::executor, 100ms);
    timer.async_wait([cancel](error_code ec) {
        if (!ec)
            cancel->emit(asio::cancellation_type::terminal);
    });
    EchoRequest const slow = request({.delay_ms = 8000});
    auto calling = via.async_call(echo::unary, slow, in_time());
    auto cancellable = std::move(calling)(asio::bind_cancellation_slot(cancel->slot(), asio::use_awaitable));
    result<EchoReply> const r = co_await std::move(cancellable);
    require_failure(r, status_code::cancelled);
    co_await expect_cancellation(via, before.cancelled);
}

awaitable<void> test_stream_cancellation(channel via) {
    report const before = co_await ask_for_report(via);
    auto call = co_await bidi_stream(via);
    // Not only one: while it waits for a request, a handler under grpcio's asyncio takes a reset for the end of them.
    co_await write(call, {.text = "x", .count = 80, .delay_ms = 100});
    auto const reply = (co_await read(call)).value();
    require(reply.has_value() && reply->text() == "x", "no reply");
    call.cancel();
    replies const got = co_await rest(call);
    require_failure(got.outcome, status_code::cancelled);
    co_await expect_cancellation(via, before.cancelled);
}

awaitable<void> test_dropped_call(channel via) {
    report const before = co_await ask_for_report(via);
    {
        auto call = co_await server_stream(via, {.count = 80, .delay_ms = 100});
        (co_await read(call)).value();
    }
    co_await expect_cancellation(via, before.cancelled);
}

// --- sizes and numbers ----------------------------------------------------------------------------------------------

awaitable<void> test_large_message(channel via) {
    std::string data(3 * mib, '\0');
    for (std::size_t i = 0; i != data.size(); ++i)
        data[i] = static_cast<char>(i * 31 >> 3);
    EchoReply const one = (co_await unary(via, {.data = data})).value();
    require(one.data() == data, "unary: other data");

    std::string_view const all = data;
    std::vector<fields> const thirds{
        {.data = all.substr(0, mib)}, {.data = all.substr(mib, mib)}, {.data = all.substr(2 * mib)}};
    EchoReply const whole = (co_await client_stream(via, thirds)).value();
    require(whole.data() == data, "client stream: other data");

    auto const same = [&](EchoReply const& r) { return r.data() == data; };
    auto down = co_await server_stream(via, {.count = 4, .data = data});
    replies const four = co_await rest(down);
    four.outcome.value();
    require(four.all.size() == 4 && std::ranges::all_of(four.all, same), "server stream: other data");

    auto both = co_await bidi_stream(via);
    co_await write(both, {.count = 2, .data = data});
    co_await writes_done(both);
    replies const two = co_await rest(both);
    two.outcome.value();
    require(two.all.size() == 2 && std::ranges::all_of(two.all, same), "bidi stream: other data");
}

/// Beyond 4 MiB, which every stock server refuses unless it is told otherwise; and beyond what this side takes.
awaitable<void> test_too_large_message(channel via) {
    std::string const data(5 * mib, 'x');
    result<EchoReply> const sent = co_await unary(via, {.data = data});
    require_failure(sent, status_code::resource_exhausted);
    call_options modest = in_time();
    modest.max_receive_message_size = 1000;
    result<EchoReply> const received = co_await unary(via, {.data = std::string_view(data).substr(0, 1000)}, modest);
    require_failure(received, status_code::resource_exhausted);
    (co_await unary(via, {})).value();
}

awaitable<void> test_unimplemented(channel via) {
    static constexpr unary_method<EchoRequest, EchoReply> unknown[] = {
        unary_method<EchoRequest, EchoReply>{"/joust.test.Echo/Nothing"},
        unary_method<EchoRequest, EchoReply>{"/joust.test.Nobody/Unary"}};
    for (auto const& method : unknown) {
        EchoRequest const q;
        auto calling = via.async_call(method, q, in_time());
        result<EchoReply> const r = co_await std::move(calling);
        require_failure(r, status_code::unimplemented);
    }
}

/// All at once: one after another they would take longer than a case may.
awaitable<void> test_many_calls(channel via) {
    struct shared_state {
        asio::steady_timer done;
        int left = calls_at_once;
        std::string failures = {};
    };
    auto const executor = co_await asio::this_coro::executor;
    auto const state =
        std::make_shared<shared_state>(asio::steady_timer(executor, asio::steady_timer::time_point::max()));
    for (int i = 0; i != calls_at_once; ++i) {
        std::string const text = std::to_string(i);
        via.async_call(echo::unary, request({.text = text, .delay_ms = 200}), in_time(),
                       [state, text](result<EchoReply> const& r) {
                           if (r.has_error() || r->text() != text)
                               state->failures += text + ": " + (r ? r->text() : r.error().to_string()) + ' ';
                           if (--state->left == 0)
                               state->done.cancel();
                       });
    }
    error_code ignored;
    co_await state->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    require(state->failures.empty(), state->failures);
}

// --- running them ---------------------------------------------------------------------------------------------------

struct test_case {
    std::string_view name;
    awaitable<void> (*run)(channel);
};

constexpr test_case cases[] = {
    {"unary", test_unary},
    {"client_stream", test_client_stream},
    {"server_stream", test_server_stream},
    {"bidi_stream", test_bidi_stream},
    {"empty_streams", test_empty_streams},
    {"status", test_status},
    {"stream_status", test_stream_status},
    {"status_details", test_status_details},
    {"metadata", test_metadata},
    {"deadline", test_deadline},
    {"deadline_is_sent", test_deadline_is_sent},
    {"cancellation", test_cancellation},
    {"stream_cancellation", test_stream_cancellation},
    {"dropped_call", test_dropped_call},
    {"large_message", test_large_message},
    {"too_large_message", test_too_large_message},
    {"unimplemented", test_unimplemented},
    {"many_calls", test_many_calls},
};

class connection_counter : public observer {
public:
    void connection_opened(role, std::string_view) noexcept override { ++opened; }
    int opened = 0;
};

/// Why the case failed, or nothing.
std::optional<std::string> run_case(asio::io_context& io, test_case const& c, channel const& via) {
    struct shared_state {
        bool done = false;
        std::optional<std::string> why;
    };
    auto const state = std::make_shared<shared_state>();
    asio::co_spawn(io, c.run(via), [state](std::exception_ptr e) {
        state->done = true;
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (std::exception const& failed) {
            state->why = failed.what();
        }
    });
    auto const limit = std::chrono::steady_clock::now() + 15s;
    io.restart();
    while (!state->done && io.run_one_until(limit) != 0) {
    }
    if (!state->done)
        return "not done after 15 s";
    return state->why;
}

int run_cases(std::string_view address, int calls) {
    calls_at_once = calls;
    asio::io_context io(1);
    auto const connections = std::make_shared<connection_counter>();
    channel_options options;
    options.max_connections = 1; // what a case is about, or counts
    options.use_strand = false;
    options.observer = connections;
    channel const via(io.get_executor(), address, options);
    int code = 0;
    auto const print = [&](std::string_view name, std::optional<std::string> why) {
        if (!why) {
            std::cout << "ok " << name << std::endl;
            return;
        }
        code = 1;
        std::ranges::replace_if(
            *why, [](unsigned char b) { return b < ' '; }, ' ');
        std::cout << "FAIL " << name << ' ' << why->substr(0, 300) << std::endl;
    };
    for (test_case const& c : cases)
        print(c.name, run_case(io, c, via));
    std::optional<std::string> many;
    if (connections->opened != 1)
        many = std::to_string(connections->opened) + " connections were made";
    print("one_connection", many);
    return code;
}

} // namespace
} // namespace joust::test

int main(int argc, char** argv) {
    int const calls = argc == 3 ? std::atoi(argv[2]) : 100;
    if (argc < 2 || argc > 3 || calls < 1) {
        std::cerr << "usage: echo_client ADDRESS [CALLS]\n";
        return 2;
    }
    return joust::test::run_cases(argv[1], calls);
}
