//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/surroundings.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

/// OK when it has an answer. What it throws is that it has none.
asio::awaitable<status> guarded(fallback::coroutine_function const& f, outgoing_call const& call, buffer& out) {
    try {
        auto running = f(call, out);
        co_return co_await std::move(running);
    } catch (std::exception const& e) {
        co_return status(status_code::internal, e.what());
    } catch (...) {
        co_return status(status_code::internal, "an exception of unknown type");
    }
}

asio::awaitable<status> bounded(fallback::coroutine_function const& f, outgoing_call const& call, buffer& out,
                                std::optional<kept_fallback::time_point> until) {
    using namespace asio::experimental::awaitable_operators;
    auto running = guarded(f, call, out);
    if (!until)
        co_return co_await std::move(running);
    asio::steady_timer limit(co_await asio::this_coro::executor, *until);
    auto race = std::move(running) || limit.async_wait(asio::use_awaitable);
    auto first = co_await std::move(race);
    if (first.index() == 1)
        co_return status(status_code::deadline_exceeded, "the deadline passed");
    co_return std::get<0>(std::move(first));
}

} // namespace

kept_fallback::kept_fallback(fallback rule) : rule_(std::move(rule)) {
    for (fallback::step const& s : rule_.steps()) {
        if (s.last_good)
            stores_.push_back(std::make_unique<last_good_store>(*s.last_good));
        synchronous_ = synchronous_ && !s.coroutine;
    }
}

std::vector<std::string> kept_fallback::keys_of(outgoing_call const& call) const {
    std::vector<std::string> keys;
    keys.reserve(stores_.size());
    for (auto const& store : stores_)
        keys.push_back(store->key_of(call));
    return keys;
}

void kept_fallback::keep(std::vector<std::string> keys, outgoing_call const& call, std::string_view answer) const {
    for (std::size_t i = 0; i != stores_.size(); ++i)
        stores_[i]->put(std::move(keys[i]), answer, call.options().credentials, std::chrono::steady_clock::now());
}

std::optional<kept_fallback::given> kept_fallback::try_plain(fallback::step const& s, std::size_t& kept,
                                                             outgoing_call const& call,
                                                             std::vector<std::string> const& keys) const {
    if (s.last_good) {
        std::size_t const i = kept++;
        auto found = stores_[i]->get(keys[i], std::chrono::steady_clock::now());
        if (!found)
            return std::nullopt;
        return given{std::move(found->answer), s.source, found->age};
    }
    given g{{}, s.source, {}};
    try {
        if (!s.plain(call, g.payload).ok())
            return std::nullopt;
    } catch (...) { // it has no answer; the call says why it wanted one
        return std::nullopt;
    }
    return g;
}

std::optional<kept_fallback::given> kept_fallback::answer(outgoing_call const& call,
                                                          std::vector<std::string> const& keys) const {
    std::size_t kept = 0;
    for (fallback::step const& s : rule_.steps())
        if (auto g = try_plain(s, kept, call, keys))
            return g;
    return std::nullopt;
}

asio::awaitable<std::optional<kept_fallback::given>>
kept_fallback::async_answer(outgoing_call const& call, std::vector<std::string> const& keys,
                            std::optional<time_point> until) const {
    std::size_t kept = 0;
    for (fallback::step const& s : rule_.steps()) {
        if (!s.coroutine) {
            if (auto g = try_plain(s, kept, call, keys))
                co_return g;
            continue;
        }
        given g{{}, s.source, {}};
        auto running = bounded(s.coroutine, call, g.payload, until);
        if (status const made = co_await std::move(running); made.ok())
            co_return g;
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            break;
    }
    co_return std::nullopt;
}

surroundings::surroundings(client_options const& options) : interceptors_(options.interceptors) {
    for (any_client_interceptor const& each : interceptors_)
        synchronous_ = synchronous_ && std::holds_alternative<std::shared_ptr<client_interceptor>>(each);
    for (auto const& [name, rule] : options.fallbacks)
        by_method_.try_emplace(name, rule);
    if (options.fallback)
        of_all_.emplace(*options.fallback);
}

std::shared_ptr<surroundings const> surroundings::of(client_options const& options) {
    if (options.interceptors.empty() && options.fallbacks.empty() && !options.fallback)
        return nullptr;
    return std::make_shared<surroundings const>(options);
}

kept_fallback const* surroundings::fallback_of(std::string_view service, std::string_view method) const {
    if (!by_method_.empty()) {
        std::string const whole = std::string(service).append(".").append(method);
        auto at = by_method_.find(whole);
        if (at == by_method_.end())
            at = by_method_.find(method);
        if (at != by_method_.end())
            return &at->second;
    }
    return of_all_ ? &*of_all_ : nullptr;
}

} // namespace joust::game
