//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A chat room of a thousand subscribers, one of whom does not read: it is dropped, and nobody else notices.
//
// Server and clients are in this process, without sockets.

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr int subscribers = 1000;
constexpr int connections = 10;
constexpr int rounds = 8;
constexpr int lines_per_round = 16; // fewer than may wait for one subscriber

// [model]
struct utterance {
    std::string room;
    std::string from;
    std::string text; // the first one may be empty: only here to listen
};
struct line {
    std::string from;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(utterance, (), (room, from, text))
BOOST_DESCRIBE_STRUCT(line, (), (from, text))
// [/model]

// [service]
using talk_stream = joust::game::server_stream<utterance, line>;

class chat_service {
public:
    /// Serves a whole stream: what the client says comes in, what anybody says in the room goes out.
    asio::awaitable<joust::status> talk(talk_stream& s) {
        using namespace asio::experimental::awaitable_operators;
        auto reading = s.async_read(asio::use_awaitable);
        std::optional<utterance> const first = (co_await std::move(reading)).value();
        if (!first)
            co_return joust::status();
        room& in = find(first->room);
        if (!first->text.empty())
            in.publish({first->from, first->text});
        auto both = publish(s, in) || in.feed(s); // ends with either: the client says no more, or is too slow
        auto const ended = co_await std::move(both);
        co_return ended.index() == 0 ? joust::status() : std::get<1>(ended);
    }

    /// The same for those who do not listen.
    joust::status say(utterance const& said) { return find(said.room).publish({said.from, said.text}); }

    std::size_t listeners(std::string const& name) { return find(name).subscribers(); }
    std::size_t dropped(std::string const& name) { return find(name).dropped(); }

private:
    using room = joust::game::broadcast<line>;

    static asio::awaitable<void> publish(talk_stream& s, room& in) {
        for (;;) {
            auto reading = s.async_read(asio::use_awaitable);
            std::optional<utterance> const said = (co_await std::move(reading)).value();
            if (!said)
                co_return;
            in.publish({said->from, said->text});
        }
    }

    room& find(std::string const& name) { return rooms_.try_emplace(name, options()).first->second; }

    static joust::game::broadcast_options options() {
        joust::game::broadcast_options o;
        o.queue = 32; // lines that may wait for one subscriber
        o.when_full = joust::game::broadcast_options::overflow::drop_subscriber;
        return o;
    }

    std::map<std::string, room> rooms_; // not locked: one thread runs this server
};
BOOST_DESCRIBE_STRUCT(chat_service, (), (talk, say))
// [/service]

/// What the clients of this process have heard.
struct tally {
    int listening = 0;
    long heard = 0;
    int complete = 0; // those that have heard everything, in order
    std::optional<joust::status> slow;
};

joust::game::stream opened(joust::result<joust::game::stream> r) {
    return std::move(r).value();
}

/// Joins the room and listens to the end.
asio::awaitable<void> listen(joust::game::client client, tally& of) {
    // [join]
    joust::game::call_options options;
    options.heartbeat = 30s; // a server that falls silent is given up after three of them
    joust::game::stream stream = opened(co_await client.async_open_stream("chat.talk", options));
    utterance const hello{"lobby", "somebody", ""};
    (co_await stream.async_write(hello)).value();
    // [/join]
    ++of.listening;
    for (int i = 0; i != rounds * lines_per_round; ++i) {
        auto next = co_await stream.async_read<line>();
        std::optional<joust::game::answer<line>> const answer = std::move(next).value();
        if (!answer || !answer->value.value().text.starts_with(std::to_string(i) + " "))
            co_return;
        ++of.heard;
    }
    ++of.complete;
    (co_await stream.async_writes_done()).value();
    (co_await stream.async_finish()).value();
}

/// Joins the room, and reads nothing until everybody else has heard everything.
asio::awaitable<void> doze(joust::game::client client, tally& of, asio::steady_timer& wake) {
    joust::game::call_options const options;
    joust::game::stream stream = opened(co_await client.async_open_stream("chat.talk", options));
    utterance const hello{"lobby", "sleeper", ""};
    (co_await stream.async_write(hello)).value();
    ++of.listening;
    joust::error_code ignored;
    co_await wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    while (auto const answer = (co_await stream.async_read<line>()).value()) {
        if (answer->value.has_error()) { // the lines that were under way come first
            of.slow = answer->value.error();
            co_return;
        }
    }
}

asio::awaitable<void> pass(bool const& given_up) {
    if (given_up)
        throw std::runtime_error("this takes too long");
    co_await asio::post(asio::use_awaitable);
}

asio::awaitable<void> chat(chat_service& service, joust::in_process const& wire, tally& of, bool const& given_up) {
    auto const executor = co_await asio::this_coro::executor;
    auto const connect = [&] {
        joust::channel_options options;
        options.max_connections = 1;
        options.stream_window = 65'535; // what may be under way to a client that does not read
        return joust::game::client(joust::channel(executor, wire, options), "chat");
    };
    asio::steady_timer wake(executor, asio::steady_timer::time_point::max());
    asio::co_spawn(executor, doze(connect(), of, wake), asio::detached); // on a connection of its own
    std::vector<joust::game::client> clients;
    for (int i = 0; i != connections; ++i)
        clients.push_back(connect());
    for (int i = 0; i != subscribers; ++i)
        asio::co_spawn(executor, listen(clients[static_cast<std::size_t>(i % connections)], of), asio::detached);
    while (service.listeners("lobby") != subscribers + 1)
        co_await pass(given_up);

    joust::game::call_options const options;
    std::string const much(1000, '.');
    for (int said = 0; said != rounds * lines_per_round;) {
        for (int i = 0; i != lines_per_round; ++i, ++said) {
            utterance const next{"lobby", "speaker", std::to_string(said) + " " + much};
            (co_await clients[0].async_call<void>("chat.say", next, options)).value();
        }
        while (of.heard != static_cast<long>(said) * subscribers) // so that all can keep up, on the slowest machine
            co_await pass(given_up);
    }
    wake.cancel();
    while (of.complete != subscribers || !of.slow)
        co_await pass(given_up);
}

} // namespace

int main() {
    asio::io_context io(1);
    joust::server_options options;
    options.use_strands = false; // one thread runs the io_context
    options.max_concurrent_streams = subscribers;
    options.send_queue = 4096; // what may wait to be sent to one subscriber, beside the lines of the room
    joust::server server(io.get_executor(), options);
    auto const service = std::make_shared<chat_service>();
    joust::game::services services;
    services.add("chat", service);
    server.add(services);
    joust::in_process const wire;
    server.listen(wire).value();

    tally heard;
    std::exception_ptr failed;
    bool given_up = false;
    asio::steady_timer limit(io, 240s);
    limit.async_wait([&](joust::error_code ec) { given_up = !ec; });
    asio::co_spawn(io, chat(*service, wire, heard, given_up), [&](std::exception_ptr e) {
        failed = std::move(e);
        limit.cancel();
        server.stop();
    });
    io.run();
    try {
        if (failed)
            std::rethrow_exception(failed);
    } catch (std::exception const& e) {
        std::cerr << "chat: " << e.what() << '\n';
    }
    std::cout << heard.complete << " of " << subscribers << " have heard all " << rounds * lines_per_round << " lines, "
              << service->dropped("lobby") << " was dropped";
    if (heard.slow)
        std::cout << ": " << *heard.slow;
    std::cout << std::endl;
    return heard.complete == subscribers && heard.slow && service->dropped("lobby") == 1 ? 0 : 1;
}
