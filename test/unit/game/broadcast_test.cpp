//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/broadcast.hpp"
#include "joust/game/services.hpp"
#include "support/game_peer.hpp"
#include "support/run.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(broadcast)

namespace {

using asio::awaitable;
using answers = std::vector<game_answer>;
using overflow = game::broadcast_options::overflow;

struct line {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(line, (), (text))

struct chat {
    game::broadcast<line> lines;

    explicit chat(game::broadcast_options options) : lines(options) {}

    awaitable<status> listen(game::responses<line>& out) { return lines.feed(out); }
    awaitable<status> talk(game::server_stream<line, line>& s) {
        using namespace asio::experimental::awaitable_operators;
        auto both = publish(s) || lines.feed(s);
        auto const first = co_await std::move(both);
        co_return first.index() == 0 ? status() : std::get<1>(first);
    }

private:
    awaitable<void> publish(game::server_stream<line, line>& s) {
        for (;;) {
            auto reading = s.async_read(asio::use_awaitable);
            result<std::optional<line>> const said = co_await std::move(reading);
            if (!said.value())
                co_return;
            lines.publish(**said);
        }
    }
};
BOOST_DESCRIBE_STRUCT(chat, (), (listen, talk))

std::string const listening = envelope("chat", "listen", {}, {{"joust-answers", "many"}});

game_answer said(std::string const& text, char const* message = "more") {
    return {0, message, R"({"text":")" + text + "\"}"};
}

struct room {
    std::shared_ptr<chat> object;
    std::unique_ptr<game_peer> peer;

    explicit room(game::broadcast_options options = {}) : object(std::make_shared<chat>(options)) {
        game::services s;
        s.add("chat", object);
        peer = std::make_unique<game_peer>(s);
    }

    /// Says so much that a client that does not read is behind, and lets the others read it.
    void flood(int n) {
        for (int i = 0; i != n; ++i) {
            object->lines.publish({std::to_string(i) + std::string(10'000, 'x')});
            peer->poll();
        }
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(everybody_hears_everything_in_order) {
    room r;
    game_stream a(*r.peer), b(*r.peer), late(*r.peer);
    BOOST_TEST(a.send(listening).empty());
    BOOST_TEST(b.send(listening).empty());
    BOOST_TEST(r.object->lines.subscribers() == 2u);
    r.object->lines.publish({"1"});
    r.object->lines.publish({"2"});
    BOOST_TEST((a.receive() == answers{said("1"), said("2")}));
    BOOST_TEST((b.receive() == answers{said("1"), said("2")}));
    BOOST_TEST(late.send(listening).empty());
    r.object->lines.publish({"3"});
    for (game_stream* const each : {&a, &b, &late})
        BOOST_TEST((each->receive() == answers{said("3")}));
}

BOOST_AUTO_TEST_CASE(each_hears_it_in_its_own_codec) {
    room r;
    game_stream json(*r.peer), packed(*r.peer), talking(*r.peer);
    json.send(listening);
    packed.send(envelope("chat", "listen", {}, {{"joust-answers", "many"}, {"joust-codec", "msgpack"}}));
    std::string const one("\x81\xa4text\xa1"
                          "1"),
        two("\x81\xa4text\xa1"
            "2");
    BOOST_TEST((talking.send(envelope("chat", "talk", one, {{"joust-codec", "msgpack"}})) == answers{success(one)}));
    r.object->lines.publish({"2"});
    BOOST_TEST((json.receive() == answers{said("1"), said("2")}));
    BOOST_TEST((packed.receive() == answers{{0, "more", one}, {0, "more", two}}));
    BOOST_TEST((talking.receive() == answers{success(two)}));
}

BOOST_AUTO_TEST_CASE(who_goes_is_forgotten) {
    room r;
    game_stream a(*r.peer), b(*r.peer);
    a.send(listening);
    b.send(listening);
    a.call().stream->abort(status(status_code::cancelled, "enough"));
    r.peer->poll();
    BOOST_TEST(r.object->lines.subscribers() == 1u);
    r.object->lines.publish({"1"});
    BOOST_TEST((b.receive() == answers{said("1")}));
    BOOST_TEST(r.peer->log->lines.empty());
}

BOOST_AUTO_TEST_CASE(closing_ends_the_feeds_after_what_waits) {
    room r;
    game_stream a(*r.peer);
    a.send(listening);
    r.object->lines.publish({"1"});
    r.object->lines.close();
    r.object->lines.publish({"2"});
    BOOST_TEST((a.receive() == answers{said("1"), {0, "success", ""}}));
    game_stream late(*r.peer);
    BOOST_TEST((late.send(listening) == answers{{0, "success", ""}}));
    BOOST_TEST(r.object->lines.subscribers() == 0u);
}

BOOST_AUTO_TEST_CASE(talk_goes_both_ways) {
    room r;
    game_stream a(*r.peer), b(*r.peer);
    BOOST_TEST((a.send(envelope("chat", "talk", R"({"text":"here"})")) == answers{said("here", "success")}));
    BOOST_TEST((b.send(envelope("chat", "talk", R"({"text":"too"})")) == answers{said("too", "success")}));
    BOOST_TEST((a.receive() == answers{said("too", "success")}));
    BOOST_TEST(a.finish() == "OK");
    BOOST_TEST((b.send(envelope("chat", "talk", R"({"text":"alone"})")) == answers{said("alone", "success")}));
    BOOST_TEST(r.object->lines.subscribers() == 1u);
}

BOOST_AUTO_TEST_CASE(a_slow_one_misses_what_is_oldest) {
    room r({.queue = 4});
    game_stream slow(*r.peer);
    slow.send(listening);
    r.peer->link->set_capacity(r.peer->link->to_client, 0);
    r.flood(100);
    BOOST_TEST(r.object->lines.skipped() > 50u);
    BOOST_TEST(r.object->lines.dropped() == 0u);
    std::uint64_t const skipped = r.object->lines.skipped();
    r.peer->link->set_capacity(r.peer->link->to_client, memory_link::unlimited);
    answers const got = slow.receive();
    BOOST_TEST(got.size() + skipped == 100u);
    for (std::size_t i = 1; i <= 4; ++i)
        BOOST_TEST(got[got.size() - i] == said(std::to_string(100 - i) + std::string(10'000, 'x')));
    r.object->lines.publish({"on"});
    BOOST_TEST((slow.receive() == answers{said("on")}));
}

BOOST_AUTO_TEST_CASE(a_slow_one_is_dropped) {
    room r({.queue = 4, .when_full = overflow::drop_subscriber});
    game_stream slow(*r.peer);
    slow.send(listening);
    r.peer->link->set_capacity(r.peer->link->to_client, 0);
    r.flood(100);
    BOOST_TEST(r.object->lines.dropped() == 1u);
    BOOST_TEST(r.object->lines.subscribers() == 0u);
    r.peer->link->set_capacity(r.peer->link->to_client, memory_link::unlimited);
    answers const got = slow.receive();
    BOOST_TEST(got.size() < 50u);
    BOOST_TEST(got.back() == game_answer(429, "too slow: 4 messages wait already", ""));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_encoded_is_told_to_who_says_it) {
    room r;
    game_stream a(*r.peer);
    a.send(listening);
    BOOST_TEST(!r.object->lines.publish({"\xff"}).ok());
    BOOST_TEST(a.receive().empty());
    BOOST_CHECK_THROW(game::broadcast<line>({.queue = 0}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(it_may_outlive_the_loop_and_the_other_way_round) {
    for (bool const object_first : {false, true}) {
        room r;
        std::weak_ptr<chat> const probe = r.object;
        {
            game_stream waiting(*r.peer), blocked(*r.peer);
            waiting.send(listening);
            blocked.send(listening);
            r.peer->link->set_capacity(r.peer->link->to_client, 0);
            r.flood(30);
            if (object_first)
                r.object.reset();
            r.peer->client.reset();
            r.peer->server.reset();
            r.peer->link.reset();
            r.peer->io.reset();
        }
        if (r.object) {
            BOOST_TEST(r.object->lines.subscribers() == 0u);
            r.object->lines.publish({"nobody"});
        }
        r.peer.reset();
        r.object.reset();
        BOOST_TEST(probe.expired());
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
