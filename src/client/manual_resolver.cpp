//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/manual_resolver.hpp"

#include <boost/asio/post.hpp>

#include <cstdint>
#include <mutex>
#include <utility>

namespace joust {

namespace asio = boost::asio;

/// One channel that listens. Touched on its executor only.
struct manual_resolver::subscription {
    listener on_resolution;
    std::uint64_t seen = 0; // version
};

/// What all copies share.
struct manual_resolver::source : std::enable_shared_from_this<source> {
    std::function<void()> on_refresh;

    std::mutex mutex; // guards the rest
    std::uint64_t version = 0;
    resolution latest;
    std::vector<std::pair<std::weak_ptr<subscription>, asio::any_io_executor>> subscriptions;

    void tell(std::weak_ptr<subscription> whom, asio::any_io_executor const& executor) {
        asio::post(executor, [self = shared_from_this(), whom = std::move(whom)] {
            if (auto const s = whom.lock())
                self->deliver(*s);
        });
    }

    void deliver(subscription& to) {
        resolution news;
        {
            std::lock_guard const lock(mutex);
            if (to.seen == version)
                return; // an earlier post has brought it
            to.seen = version;
            news = latest;
        }
        to.on_resolution(std::move(news));
    }
};

manual_resolver::manual_resolver() : manual_resolver(std::function<void()>()) {}

manual_resolver::manual_resolver(std::function<void()> on_refresh) : source_(std::make_shared<source>()) {
    source_->on_refresh = std::move(on_refresh);
}

manual_resolver::manual_resolver(manual_resolver const& other) : resolver(other), source_(other.source_) {}

manual_resolver::~manual_resolver() = default;

void manual_resolver::push(std::vector<endpoint_address> addresses) {
    resolution found;
    found.addresses = std::move(addresses);
    push(std::move(found));
}

void manual_resolver::push(resolution found) {
    decltype(source_->subscriptions) listening;
    {
        std::lock_guard const lock(source_->mutex);
        source_->latest = std::move(found);
        ++source_->version;
        std::erase_if(source_->subscriptions, [](auto const& s) { return s.first.expired(); });
        listening = source_->subscriptions;
    }
    for (auto const& [whom, executor] : listening)
        source_->tell(whom, executor);
}

void manual_resolver::start(asio::any_io_executor const& executor, listener on_resolution) {
    mine_ = std::make_shared<subscription>();
    mine_->on_resolution = std::move(on_resolution);
    {
        std::lock_guard const lock(source_->mutex);
        source_->subscriptions.emplace_back(mine_, executor);
    }
    source_->deliver(*mine_); // what was pushed before
}

void manual_resolver::refresh() {
    if (source_->on_refresh)
        source_->on_refresh();
}

} // namespace joust
