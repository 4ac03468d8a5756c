//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Calls a game_server in every way there is, and prints each call with its answer.
//
// usage: game_client ADDRESS [--tls] [--ca FILE] [--cert FILE --key FILE] [--server-name NAME]

#include "../01_game_server/model.hpp"
#include "show.hpp"

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using joust::game::client;

namespace {

asio::awaitable<void> typed_calls(client const& logic) {
    // [typed]
    game::player_query const query{"123"};
    joust::result<game::player> found = co_await logic.async_call<game::player>("logic.get_player_info", query);
    // [/typed]
    show("logic.get_player_info", query, found);

    game::player_update const update{"123", 42, "Ann"};
    joust::result<bool> updated = co_await logic.async_call<bool>("logic.update_player", update);
    show("logic.update_player", update, updated);
}

asio::awaitable<void> dynamic_calls(client const& logic) {
    // [dynamic]
    joust::result<boost::json::value> document =
        co_await logic.async_call("logic.get_player_info", {{"player_id", "123"}});
    if (document)
        std::cout << "level " << document->at("level").as_int64() << '\n';
    // [/dynamic]
    show("logic.get_player_info", R"({"player_id":"123"})", document);

    // [raw]
    joust::game::raw_json const text(R"({"player_id":"123"})"); // sent as it is, whatever it is
    joust::result<joust::game::raw_json> answer =
        co_await logic.async_call<joust::game::raw_json>("logic.get_player_info", text);
    // [/raw]
    show("logic.get_player_info", text, answer);
}

asio::awaitable<void> stream_call(client const& logic) {
    // [stream-call]
    std::vector<game::player_update> const updates{{"1", 5, {}}, {"", 6, {}}, {"3", 7, {}}};
    auto answers = co_await logic.async_stream_call<bool>("logic.batch_update", updates);
    if (answers.has_error()) { // the call failed as a whole
        std::cout << answers.error() << '\n';
        co_return;
    }
    for (std::size_t i = 0; i != updates.size(); ++i) // each succeeds or fails on its own
        show("logic.batch_update", updates[i], (*answers)[i]);
    // [/stream-call]
}

asio::awaitable<void> open_stream(client const& logic) {
    // [open-stream]
    joust::result<joust::game::stream> opened = co_await logic.async_open_stream("logic.get_player_info");
    joust::game::stream stream = std::move(opened).value(); // throws joust::rpc_error if there is none
    for (char const* const id : {"1", "3"}) {
        game::player_query const query{id};
        (co_await stream.async_write(query)).value();
        auto const next = co_await stream.async_read<game::player>(); // empty once everything is answered
        show("logic.get_player_info", query, next.value()->value);
    }
    (co_await stream.async_writes_done()).value();
    joust::result<void> outcome = co_await stream.async_finish(); // the gRPC status of the call
    // [/open-stream]
    show("the stream", "with 2 requests", outcome);
}

asio::awaitable<void> many_answers(client const& chat) {
    game::utterance const said{"lobby", "Ann", "hello"};
    joust::result<game::line> line = co_await chat.async_call<game::line>("chat.say", said);
    show("chat.say", said, line);

    // [many]
    joust::game::call_options many;
    many.many_answers = true;
    auto opened = co_await chat.async_open_stream("chat.history", many);
    joust::game::stream stream = std::move(opened).value();
    game::history_query const query{"lobby", 3};
    (co_await stream.async_write(query)).value();
    (co_await stream.async_writes_done()).value();
    for (bool more = true; more;) {
        auto const next = co_await stream.async_read<std::optional<game::line>>();
        show("chat.history", query, next.value()->value);
        more = next.value()->more; // the last one is what the method returns: null here
    }
    // [/many]
}

asio::awaitable<void> failures(client const& logic) {
    // [errors]
    game::failure const wanted{404, "no such player"};
    joust::result<void> failed = co_await logic.async_call<void>("logic.fail", wanted);
    if (failed.has_error() && failed.error().code() == joust::status_code::not_found)
        std::cout << "the method answered " << failed.error().application_code() << '\n';
    // [/errors]
    show("logic.fail", wanted, failed);

    joust::result<boost::json::value> unknown = co_await logic.async_call("logic.nonesuch", {});
    show("logic.nonesuch", "{}", unknown);
}

asio::awaitable<void> timeouts(client const& logic) {
    // [timeout]
    joust::game::call_options hurried;
    hurried.timeout = 50ms; // sent to the server, which gives up then, too
    game::pause const query{2000};
    joust::result<game::pause> late = co_await logic.async_call<game::pause>("logic.slow", query, hurried);
    // [/timeout]
    show("logic.slow", query, late);
}

asio::awaitable<void> cancellation(client const& logic) {
    // [cancel]
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer(co_await asio::this_coro::executor, 50ms);
    game::pause const query{2000};
    joust::game::call_options const options;
    auto race = logic.async_call<game::pause>("logic.slow", query, options, asio::use_awaitable) ||
                timer.async_wait(asio::use_awaitable);
    auto const first = co_await std::move(race); // the one that lost has been cancelled, and the server told
    // [/cancel]
    std::cout << "logic.slow " << as_json(query) << " -> " << (first.index() == 1 ? "cancelled" : "answered");
    end_line();
}

asio::awaitable<void> other_options(std::string address, joust::channel_credentials credentials) {
    auto const executor = co_await asio::this_coro::executor;
    // [options]
    joust::game::client_options options;
    options.service = "logic_eu";         // of all calls, which may then name only the method
    options.timeout = 500ms;              // of a call that names none; 3 s unless set
    options.channel.connect_timeout = 1s; // see joust::channel_options
    options.channel.credentials = credentials;
    client const europe(executor, address, options);
    // [/options]
    game::player_query const query{"123"};
    joust::result<game::player> found = co_await europe.async_call<game::player>("get_player_info", query);
    show("get_player_info of logic_eu", query, found);

    // [info]
    joust::response_info info; // the gRPC metadata of the answer
    joust::game::call_options how;
    how.info = &info;
    how.metadata = {{"realm", "north"}}; // in the envelope
    how.headers.add("x-trace", "42");    // in the headers of the call
    auto calling = europe.async_call<game::player>("get_player_info", query, how);
    found = co_await std::move(calling);
    // [/info]
    show("get_player_info of logic_eu", query, found);

    if (credentials.secure())
        co_return; // the function below has no options of a channel
    // [one-shot]
    joust::result<game::player> once =
        co_await joust::game::async_call<game::player>(address, "logic.get_player_info", query);
    // [/one-shot]
    show("logic.get_player_info, once", query, once);
}

client make_client(asio::any_io_executor const& executor, std::string const& address,
                   joust::channel_credentials const& credentials) {
    if (credentials.secure()) {
        joust::game::client_options options;
        options.channel.credentials = credentials;
        return client(executor, address, options);
    }
    // [client]
    client const game_client(executor, address); // connects when it is first used
    // [/client]
    return game_client;
}

asio::awaitable<void> run(std::string address, joust::channel_credentials credentials) {
    client const game_client = make_client(co_await asio::this_coro::executor, address, credentials);
    std::cout << "calling " << address;
    end_line();
    co_await typed_calls(game_client);
    co_await dynamic_calls(game_client);
    co_await stream_call(game_client);
    co_await open_stream(game_client);
    co_await many_answers(game_client);
    co_await failures(game_client);
    co_await timeouts(game_client);
    co_await cancellation(game_client);
    co_await other_options(address, credentials);
}

/// TLS if any of its options is there. Throws what is wrong with them.
joust::channel_credentials credentials(int argc, char** argv) {
    if (argc == 2)
        return {};
    joust::tls_client_options tls; // --tls alone: the certificate authorities of the system
    for (int i = 2; i < argc; ++i) {
        std::string const name = argv[i];
        if (name == "--tls")
            continue;
        std::string* const value = name == "--ca"            ? &tls.ca.file
                                   : name == "--cert"        ? &tls.identity.certificate.file
                                   : name == "--key"         ? &tls.identity.key.file
                                   : name == "--server-name" ? &tls.ssl_target_name_override
                                                             : nullptr;
        if (value == nullptr || i + 1 == argc)
            throw std::invalid_argument("what is " + name + "?");
        *value = argv[++i];
    }
    return joust::channel_credentials::tls(tls).value();
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: game_client ADDRESS [--tls] [--ca FILE] [--cert FILE --key FILE] [--server-name NAME]\n";
        return 2;
    }
    int code = 0;
    asio::io_context io(1);
    try {
        asio::co_spawn(io, run(argv[1], credentials(argc, argv)), [&](std::exception_ptr failed) {
            try {
                if (failed)
                    std::rethrow_exception(failed);
            } catch (std::exception const& e) {
                std::cerr << "game_client: " << e.what() << '\n';
                code = 1;
            }
        });
        io.run();
    } catch (std::exception const& e) {
        std::cerr << "game_client: " << e.what() << '\n';
        code = 1;
    }
    return code;
}
