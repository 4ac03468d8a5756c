//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Connecting to the first of several addresses that answers.

#include "net/connect_race.hpp"
#include "support/run.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace joust::test {

namespace {

using net::connect_race;
using tcp = asio::ip::tcp;

constexpr auto not_in_this_test = 24h;

tcp::endpoint loopback_port(unsigned short port = 0) {
    return {asio::ip::address_v4::loopback(), port};
}

/// An address that never answers: its backlog is full, and the system drops what comes then.
class black_hole {
public:
    explicit black_hole(asio::io_context& io) : acceptor_(io) {
        acceptor_.open(tcp::v4());
        acceptor_.bind(loopback_port());
        acceptor_.listen(0);
        while (crowd_.empty() || crowd_.back().connected) {
            crowd_.emplace_back(io);
            crowd_.back().socket.async_connect(
                endpoint(), [&one = crowd_.back()](boost::system::error_code ec) { one.connected = !ec; });
            asio::steady_timer limit(io, 100ms);
            bool over = false;
            limit.async_wait([&](boost::system::error_code) { over = true; });
            run_until(io, [&] { return over || crowd_.back().connected; });
            limit.cancel();
            settle(io);
        }
    }

    tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

private:
    struct client {
        tcp::socket socket;
        bool connected = false;
        explicit client(asio::io_context& io) : socket(io) {}
    };

    tcp::acceptor acceptor_;
    std::list<client> crowd_;
};

struct racing {
    asio::io_context io{1};
    tcp::acceptor good{io, loopback_port()};
    std::optional<boost::system::error_code> outcome;
    tcp::endpoint where;
    std::optional<net::stream_socket> socket;

    /// A port where nobody listens.
    tcp::endpoint closed_port() {
        tcp::acceptor const gone(io, loopback_port());
        return gone.local_endpoint();
    }

    std::weak_ptr<connect_race> start(std::vector<tcp::endpoint> addresses, net::duration delay) {
        auto const race = std::make_shared<connect_race>(io.get_executor(), std::move(addresses), delay);
        race->start([this](boost::system::error_code ec, net::stream_socket s, tcp::endpoint const& at) {
            BOOST_TEST(!outcome); // once
            outcome = ec;
            where = at;
            socket.emplace(std::move(s));
        });
        return race;
    }

    void finish(std::weak_ptr<connect_race> const& race) {
        run_until(io, [&] { return outcome.has_value(); });
        settle(io);
        BOOST_TEST(race.expired()); // nothing of it is under way
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(connecting_to_one_of_several)

BOOST_FIXTURE_TEST_CASE(silent_address_is_overtaken_and_given_up, racing) {
    black_hole const silent(io);
    auto const race = start({silent.endpoint(), good.local_endpoint()}, 1ms);
    finish(race);
    BOOST_TEST(!*outcome, outcome->message());
    BOOST_TEST(where == good.local_endpoint());
    BOOST_TEST(socket->is_open());
}

BOOST_FIXTURE_TEST_CASE(failure_starts_the_next_at_once, racing) {
    auto const race = start({closed_port(), closed_port(), good.local_endpoint()}, not_in_this_test);
    finish(race);
    BOOST_TEST(!*outcome, outcome->message());
    BOOST_TEST(where == good.local_endpoint());
}

BOOST_FIXTURE_TEST_CASE(first_that_answers_is_the_only_one_tried, racing) {
    tcp::acceptor other(io, loopback_port());
    auto const race = start({good.local_endpoint(), other.local_endpoint()}, not_in_this_test);
    finish(race);
    BOOST_TEST(where == good.local_endpoint());
    other.non_blocking(true);
    boost::system::error_code ec;
    other.accept(ec);
    BOOST_TEST((ec == asio::error::would_block));
}

BOOST_FIXTURE_TEST_CASE(failure_of_all_is_that_of_the_last_to_fail, racing) {
    auto const last = closed_port();
    auto const race = start({closed_port(), last}, not_in_this_test);
    finish(race);
    BOOST_TEST((*outcome == asio::error::connection_refused));
    BOOST_TEST(where == last);
}

BOOST_FIXTURE_TEST_CASE(silent_address_is_still_waited_for_when_the_others_have_failed, racing) {
    black_hole const silent(io);
    auto const race = start({silent.endpoint(), closed_port()}, 1ms);
    asio::steady_timer a_while(io, 50ms);
    bool over = false;
    a_while.async_wait([&](boost::system::error_code) { over = true; });
    run_until(io, [&] { return over; });
    BOOST_TEST(!outcome);
    race.lock()->cancel();
    settle(io);
    BOOST_TEST(!outcome);
    BOOST_TEST(race.expired());
}

BOOST_FIXTURE_TEST_CASE(cancelled_one_is_silent_and_lets_the_loop_end, racing) {
    auto const race = start({good.local_endpoint(), closed_port()}, not_in_this_test);
    race.lock()->cancel();
    io.restart();
    io.run();
    BOOST_TEST(!outcome);
    BOOST_TEST(race.expired());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
