//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/cache.hpp"

#include "game/middleware/cache_key.hpp"
#include "game/middleware/flights.hpp"
#include "game/middleware/kept_state.hpp"
#include "game/middleware/refusal.hpp"

#include <utility>

namespace joust::game {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

/// What both kinds of a cache have in common.
class cache_core {
public:
    cache_core(steady_clock::duration ttl, cache_options options) : ttl_(ttl), options_(std::move(options)) {}

    /// Nothing: the call is none of the cache's.
    std::optional<std::string> key_of(call& c, void const* owner) const {
        if (c.pushes() || find_state(c, owner) != nullptr) // the latter: this cache stands around the call twice
            return std::nullopt;
        return make_cache_key(c, options_);
    }

    /// False: further in it was found out who calls, which the key does not say. What came of the call is for its
    /// caller only.
    bool speaks_for_key(call const& c, std::string_view identity) const noexcept {
        return options_.shared || options_.key || c.identity() == identity;
    }

    answer_table::answer find(std::string_view key) { return options_.table->find(key, steady_clock::now()); }

    answer_table::answer keep(std::string key, call const& c) {
        auto answer = std::make_shared<std::string const>(c.answer());
        options_.table->put(std::move(key), answer, steady_clock::now() + ttl_);
        return answer;
    }

private:
    steady_clock::duration ttl_;
    cache_options options_; // with a table
};

/// Each call that finds no answer runs.
class plain_cache final : public interceptor {
public:
    explicit plain_cache(cache_core core) : core_(std::move(core)) {}

    status before(call& c) override {
        auto key = core_.key_of(c, this);
        if (!key)
            return {};
        if (auto const known = core_.find(*key))
            c.set_answer(*known);
        else
            keep_state(c, this, std::make_shared<asked>(asked{*std::move(key), std::string(c.identity())}));
        return {};
    }

    status after(call& c) override {
        auto const as = take_state_as<asked>(c, this);
        if (as != nullptr && core_.speaks_for_key(c, as->identity))
            core_.keep(std::move(as->key), c);
        return {};
    }

private:
    struct asked {
        std::string key;
        std::string identity;
    };

    cache_core core_;
};

/// True for errors that would not be those of another call with the same key.
bool concerns_the_caller(call const& c, status const& error) noexcept {
    switch (error.code()) {
    case status_code::cancelled:
    case status_code::unauthenticated:
    case status_code::permission_denied:
    case status_code::resource_exhausted: return true;
    default: return c.context().cancelled();
    }
}

/// One call of each key runs.
class single_flight_cache final : public async_interceptor {
public:
    explicit single_flight_cache(cache_core core) : core_(std::move(core)) {}

    asio::awaitable<status> before(call& c) override {
        auto key = core_.key_of(c, this);
        if (!key)
            co_return status();
        if (auto const known = core_.find(*key)) {
            c.set_answer(*known);
            co_return status();
        }
        auto joining = flights_->join(*std::move(key));
        flights::landed const landed = co_await std::move(joining);
        if (landed.answer != nullptr) {
            c.set_answer(*landed.answer);
        } else if (landed.leads != nullptr) {
            // The last leader may have landed between the look into the table and the take-off.
            if (auto const known = core_.find(landed.leads->key())) {
                c.set_answer(*known);
                landed.leads->answer(known);
            } else {
                keep_state(c, this, std::make_shared<flying>(flying{landed.leads, std::string(c.identity())}));
            }
        }
        co_return landed.error;
    }

    asio::awaitable<status> after(call& c) override {
        auto const as = take_state_as<flying>(c, this);
        if (as != nullptr && core_.speaks_for_key(c, as->identity))
            as->leads->answer(core_.keep(as->leads->key(), c));
        co_return status(); // otherwise leadership has gone to the next one
    }

    asio::awaitable<void> on_error(call& c, status& error) override {
        auto const as = take_state_as<flying>(c, this);
        if (as != nullptr && core_.speaks_for_key(c, as->identity) && !concerns_the_caller(c, error))
            as->leads->fail(error);
        co_return;
    }

private:
    struct flying {
        std::shared_ptr<flights::leadership> leads;
        std::string identity;
    };

    cache_core core_;
    std::shared_ptr<flights> flights_ = std::make_shared<flights>();
};

} // namespace

std::optional<std::string> validate(cache_options const& options) {
    if (options.table == nullptr)
        if (auto const complaint = validate(options.limits))
            return "limits." + *complaint;
    for (std::string const& each : options.vary)
        if (each.empty())
            return "vary must not hold an empty key";
    return std::nullopt;
}

any_interceptor cache(steady_clock::duration ttl, cache_options options) {
    if (ttl <= steady_clock::duration::zero())
        refuse_options("cache", "ttl must be positive");
    refuse_options("cache", validate(options));
    if (options.table == nullptr)
        options.table = std::make_shared<answer_table>(options.limits);
    bool const together = options.single_flight;
    cache_core core(ttl, std::move(options));
    if (together)
        return std::make_shared<single_flight_cache>(std::move(core));
    return std::make_shared<plain_cache>(std::move(core));
}

} // namespace joust::game
