//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/client_cache.hpp"

#include "joust/game/configuration.hpp"

#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>

namespace joust::game {

using clock = std::chrono::steady_clock;

struct client_cache::entries {
    struct entry {
        std::string key; // of addresses and of services, apart
        game::client client;
        clock::time_point used;
    };

    boost::asio::any_io_executor executor;
    client_cache_options options;
    std::mutex mutex;
    std::list<entry> all; // the one used last is the first
    std::map<std::string, std::list<entry>::iterator, std::less<>> by_key;

    entries(boost::asio::any_io_executor e, client_cache_options o) : executor(std::move(e)), options(std::move(o)) {}

    /// Those that go are destroyed by the caller, without the lock.
    void drop_last(std::list<entry>& gone) {
        auto const last = std::prev(all.end());
        by_key.erase(last->key);
        gone.splice(gone.end(), all, last);
    }
    void drop_idle(std::list<entry>& gone, clock::time_point now) {
        while (!all.empty() && now - all.back().used > options.idle_timeout)
            drop_last(gone);
    }

    template <class Make>
    result<game::client> get(std::string key, Make make) {
        std::list<entry> gone;
        std::lock_guard const lock(mutex);
        auto const now = clock::now();
        auto const at = by_key.find(key);
        if (at != by_key.end()) {
            auto const e = at->second;
            e->used = now;
            all.splice(all.begin(), all, e);
            game::client found = e->client;
            drop_idle(gone, now);
            return found;
        }
        result<game::client> made = make();
        if (made.has_error())
            return made;
        all.push_front({key, *made, now});
        by_key.emplace(std::move(key), all.begin());
        drop_idle(gone, now);
        while (all.size() > options.max_clients)
            drop_last(gone);
        return made;
    }
};

client_options options_for_cache() {
    client_options o;
    o.channel.min_connections = 0;
    return o;
}

std::optional<std::string> validate(client_cache_options const& options) {
    if (auto complaint = validate(options.client))
        return "client." + *complaint;
    if (options.max_clients == 0)
        return "max_clients must be at least 1";
    if (options.idle_timeout <= clock::duration::zero())
        return "idle_timeout must be positive";
    return std::nullopt;
}

client_cache::client_cache(boost::asio::any_io_executor executor, client_cache_options options) {
    if (auto complaint = validate(options))
        throw std::invalid_argument("client_cache_options: " + *complaint);
    entries_ = std::make_shared<entries>(std::move(executor), std::move(options));
}

client_cache::client_cache(boost::asio::any_io_executor executor)
    : client_cache(std::move(executor), client_cache_options()) {}

client client_cache::get(std::string_view address) const {
    auto made = entries_->get(std::string("a ").append(address), [&]() -> result<client> {
        return client(entries_->executor, address, entries_->options.client);
    });
    return std::move(made).value();
}

result<client> client_cache::service(std::string_view name) const {
    return entries_->get(std::string("s ").append(name), [&]() -> result<client> {
        client_cache_options const& o = entries_->options;
        if (o.configuration && o.configuration->clients.contains(name))
            return o.configuration->connect(entries_->executor, name);
        client_configuration from_environment;
        from_environment.options = o.client;
        return from_environment.connect(entries_->executor, name);
    });
}

std::size_t client_cache::size() const {
    std::lock_guard const lock(entries_->mutex);
    return entries_->all.size();
}

std::size_t client_cache::drop_idle() const {
    std::list<entries::entry> gone;
    std::lock_guard const lock(entries_->mutex);
    entries_->drop_idle(gone, clock::now());
    return gone.size();
}

void client_cache::clear() const {
    std::list<entries::entry> gone;
    std::lock_guard const lock(entries_->mutex);
    entries_->by_key.clear();
    gone.swap(entries_->all);
}

} // namespace joust::game
