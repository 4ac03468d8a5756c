//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "chat_service.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace game {

namespace asio = boost::asio;

// [throw]
chat_service::room& chat_service::find(std::string const& name) {
    constexpr std::size_t most_rooms = 1000;
    if (rooms_.size() == most_rooms && !rooms_.contains(name))
        throw joust::rpc_error(joust::status_code::resource_exhausted, "there are too many rooms");
    return rooms_.try_emplace(name, executor_).first->second;
}
// [/throw]

joust::result<line> chat_service::say(utterance const& said) {
    constexpr std::size_t longest_history = 1000;
    if (said.room.empty() || said.text.empty())
        return joust::status(joust::status_code::invalid_argument, "room and text must not be empty");
    room& in = find(said.room);
    line const l{next_id_++, said.from, said.text};
    in.lines.push_back(l);
    if (in.lines.size() > longest_history)
        in.lines.pop_front();
    in.changed.cancel();
    return l;
}

// [history]
asio::awaitable<void> chat_service::history(history_query query, joust::game::responses<line>& out) {
    auto const& all = find(query.room).lines;
    auto const count = static_cast<std::ptrdiff_t>(std::min(query.limit.value_or(all.size()), all.size()));
    std::vector<line> const lines(all.end() - count, all.end()); // more may be said while these are sent
    for (line const& l : lines) {
        auto pushing = out.async_push(l, asio::use_awaitable);
        (co_await std::move(pushing)).value(); // waits while the client does not read; throws when it is gone
    }
}
// [/history]

asio::awaitable<void> chat_service::subscribe(subscription query, joust::game::responses<line>& out) {
    using namespace asio::experimental::awaitable_operators;
    room& in = find(query.room); // a map's elements stay where they are
    std::int64_t seen = next_id_ - 1;
    asio::steady_timer limit(co_await asio::this_coro::executor, std::chrono::milliseconds(query.wait_ms));
    for (std::size_t sent = 0; sent != query.count;) {
        auto const next = std::find_if(in.lines.begin(), in.lines.end(), [&](line const& l) { return l.id > seen; });
        if (next != in.lines.end()) {
            seen = next->id;
            ++sent;
            auto pushing = out.async_push(*next, asio::use_awaitable);
            (co_await std::move(pushing)).value();
            continue;
        }
        auto const quiet = asio::as_tuple(asio::use_awaitable);
        auto waiting = in.changed.async_wait(quiet) || limit.async_wait(quiet);
        auto const first = co_await std::move(waiting);
        if (first.index() == 1)
            co_return;
    }
}

// [talk]
asio::awaitable<void> chat_service::talk(joust::game::server_stream<utterance, line>& stream) {
    for (;;) {
        auto reading = stream.async_read(asio::use_awaitable);
        std::optional<utterance> const next = (co_await std::move(reading)).value();
        if (!next) // the client says no more
            co_return;
        joust::result<line> const said = say(*next);
        auto writing = said ? stream.async_write(*said, asio::use_awaitable)
                            : stream.async_write_error(said.error(), asio::use_awaitable);
        (co_await std::move(writing)).value(); // waits while the client does not read; throws when it is gone
    }
}
// [/talk]

} // namespace game
