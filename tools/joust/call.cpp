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

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <utility>

namespace joust::cli {

namespace asio = boost::asio;

namespace {

/// The arguments as a checked text, empty for none.
asio::awaitable<result<std::string>> read_payload(options const& o) {
    if (!o.payload)
        co_return std::string();
    std::string text = *o.payload;
    if (text == "-") {
        input in(co_await asio::this_coro::executor);
        auto reading = in.read_all();
        result<std::string> all = co_await std::move(reading);
        if (all.has_error())
            co_return all.error();
        text = std::move(*all);
    }
    if (auto const complaint = complaint_about_json(text))
        co_return status(status_code::invalid_argument, *complaint);
    co_return text;
}

} // namespace

asio::awaitable<int> run_call(options const& o, std::shared_ptr<progress> told) {
    auto reading = read_payload(o);
    result<std::string> payload = co_await std::move(reading);
    if (payload.has_error()) {
        complain(place::payload, describe(payload.error()));
        co_return exit_code_of(payload.error());
    }

    auto const executor = co_await asio::this_coro::executor;
    auto const client = make_client(executor, o, told);
    response_info info;
    game::call_options how = call_options_of(o);
    how.info = &info;
    game::raw_json const arguments(std::move(*payload));
    told->note(fmt::format("calling {} at {} with {} bytes", o.method, o.address, arguments.text.size()));
    auto calling = client.async_call<game::raw_json>(o.method, arguments, how, asio::use_awaitable);
    result<game::raw_json> const answer = co_await std::move(calling);

    told->note(answer.has_error() ? answer.error() : status(), info.trailing_metadata);
    if (answer.has_error()) {
        complain(told->where(answer.error()), describe(answer.error()));
        co_return exit_code_of(answer.error());
    }
    co_return print_json(answer->text);
}

} // namespace joust::cli
