//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "commands.hpp"
#include "common.hpp"
#include "input.hpp"
#include "json_text.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <cstddef>
#include <deque>
#include <utility>

namespace joust::cli {

namespace asio = boost::asio;

namespace {

/// The two directions of a stream: lines to requests, answers to lines.
class exchange {
public:
    exchange(asio::any_io_executor const& executor, game::stream stream, progress const& told)
        : in_(executor), stream_(std::move(stream)), told_(told) {}

    /// Until stdin ends, or the call does.
    asio::awaitable<void> send_lines() {
        for (std::size_t number = 1;; ++number) {
            auto reading = in_.read_line();
            result<std::optional<std::string>> const line = co_await std::move(reading);
            if (answered_)
                co_return;
            if (line.has_error())
                fail(place::payload, line.error());
            if (line.has_error() || !*line)
                break;
            if ((*line)->find_first_not_of(" \t\r") == std::string::npos)
                continue;
            if (auto const complaint = complaint_about_json(**line)) {
                fail(place::payload, status(status_code::invalid_argument, *complaint), number);
                continue;
            }
            waiting_.push_back(number);
            game::raw_json const request(**line);
            auto writing = stream_.async_write(request, asio::use_awaitable);
            result<void> const written = co_await std::move(writing);
            if (written.has_error())
                co_return; // whoever reads hears why
        }
        told_.note("stdin has ended");
        auto ending = stream_.async_writes_done(asio::use_awaitable);
        co_await std::move(ending);
    }

    /// Until the call ends.
    asio::awaitable<void> print_answers() {
        for (;;) {
            auto reading = stream_.async_read<game::raw_json>(asio::use_awaitable);
            auto const next = co_await std::move(reading);
            if (next.has_error() || !*next || !print((*next)->value, (*next)->more))
                break;
        }
        answered_ = true;
        in_.close();
        if (exit_code_ == exit_output)
            stream_.cancel();
        auto finishing = stream_.async_finish(asio::use_awaitable);
        result<void> const outcome = co_await std::move(finishing);
        told_.note(outcome.has_error() ? outcome.error() : status(), stream_.trailing_metadata());
        if (outcome.has_error() && exit_code_ != exit_output)
            fail(told_.where(outcome.error()), outcome.error());
    }

    int exit_code() const noexcept { return exit_code_; }

private:
    /// False when nobody hears the answers any more.
    bool print(result<game::raw_json> const& answer, bool more) {
        std::size_t const line = waiting_.empty() ? 0 : waiting_.front();
        if (!more && !waiting_.empty())
            waiting_.pop_front();
        if (answer.has_error()) {
            fail(told_.where(answer.error()), answer.error(), line);
        } else if (auto const complaint = complaint_about_json(answer->text)) {
            fail(place::payload, status(status_code::internal, "the answer is " + *complaint), line);
        } else if (!print_answer(compact_json(answer->text))) {
            exit_code_ = exit_output;
            return false;
        }
        return true;
    }

    void fail(place where, status const& why, std::size_t line = 0) {
        exit_code_ = exit_code_of(why);
        complain(where, line == 0 ? describe(why) : fmt::format("line {}: {}", line, describe(why)));
    }

    input in_;
    game::stream stream_;
    progress const& told_;
    std::deque<std::size_t> waiting_; // the lines whose requests are to be answered
    bool answered_ = false;
    int exit_code_ = 0;
};

} // namespace

asio::awaitable<int> run_stream(options const& o, std::shared_ptr<progress> told) {
    using namespace asio::experimental::awaitable_operators;
    auto const executor = co_await asio::this_coro::executor;
    auto const client = make_client(executor, o, told);
    told->note(fmt::format("opening a stream of {} at {}", o.method, o.address));
    auto opening = client.async_open_stream(o.method, call_options_of(o), asio::use_awaitable);
    result<game::stream> opened = co_await std::move(opening);
    if (opened.has_error()) {
        told->note(opened.error(), {});
        complain(told->where(opened.error()), describe(opened.error()));
        co_return exit_code_of(opened.error());
    }
    exchange both(executor, std::move(*opened), *told);
    auto running = both.print_answers() && both.send_lines();
    co_await std::move(running);
    co_return both.exit_code();
}

} // namespace joust::cli
