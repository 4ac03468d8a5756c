//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "model.hpp"

#include <joust/joust.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace game {

/// Rooms to talk in.
class chat_service {
public:
    explicit chat_service(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// Says something; answers with its line.
    joust::result<line> say(utterance const& said);
    /// What was said, one answer for each line.
    boost::asio::awaitable<void> history(history_query query, joust::game::responses<line>& out);
    /// The next `count` lines as they are said, within `wait_ms` at most.
    boost::asio::awaitable<void> subscribe(subscription query, joust::game::responses<line>& out);

    /// Says all that comes, and answers each with its line.
    boost::asio::awaitable<void> talk(joust::game::server_stream<utterance, line>& stream);

private:
    struct room {
        explicit room(boost::asio::any_io_executor const& executor)
            : changed(executor, boost::asio::steady_timer::time_point::max()) {}

        std::deque<line> lines;
        boost::asio::steady_timer changed; // never expires; cancelled to wake those who wait
    };

    room& find(std::string const& name);

    boost::asio::any_io_executor executor_;
    std::map<std::string, room> rooms_;
    std::int64_t next_id_ = 1;
};
BOOST_DESCRIBE_STRUCT(chat_service, (), (say, history, subscribe, talk))

} // namespace game
