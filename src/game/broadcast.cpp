//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/broadcast.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>

namespace joust::game::detail {

namespace asio = boost::asio;

using message_ptr = std::shared_ptr<broadcast_message const>;

result<std::shared_ptr<buffer const>> broadcast_message::as(encoding const& how) const {
    std::lock_guard const guard(lock_);
    for (auto const& [known, bytes] : encoded_)
        if (known == how)
            return bytes;
    buffer out;
    if (status bad = encode(out, how); !bad.ok())
        return unwritable(std::move(bad));
    return encoded_.emplace_back(how, std::make_shared<buffer const>(std::move(out))).second;
}

struct broadcast_hub::state {
    broadcast_options options;
    mutable std::mutex lock;
    std::unordered_set<subscriber*> all; // without those that were dropped
    bool closed = false;
    std::uint64_t skipped = 0;
    std::uint64_t dropped = 0;
};

/// One who subscribes. What the hub and the feed both touch is touched with the hub's lock held.
///
/// The feed waits on a timer that never expires, so that it goes when its execution context does; whoever publishes has
/// it cancelled on the feed's executor.
class broadcast_hub::subscriber final : public std::enable_shared_from_this<subscriber> {
public:
    explicit subscriber(std::shared_ptr<broadcast_hub> hub) : hub_(std::move(hub)) {
        std::lock_guard const guard(state().lock);
        state().all.insert(this);
    }
    subscriber(subscriber const&) = delete;
    subscriber& operator=(subscriber const&) = delete;
    ~subscriber() {
        std::lock_guard const guard(state().lock);
        state().all.erase(this);
    }

    // For the hub, which holds the lock.

    /// False when it is to be dropped.
    bool add(message_ptr const& message) {
        if (queue_.size() == state().options.queue) {
            if (state().options.when_full == broadcast_options::overflow::drop_subscriber) {
                dropped_ = true;
                queue_ = {};
                return false;
            }
            queue_.pop_front();
            ++state().skipped;
        }
        queue_.push_back(message);
        wake();
        return true;
    }

    void wake() {
        if (!std::exchange(waiting_, false) || !timer_)
            return;
        asio::post(timer_->get_executor(), [weak = weak_from_this()] {
            if (auto const self = weak.lock(); self && self->timer_)
                self->timer_->cancel();
        });
    }

    // For the feed.

    void start(asio::any_io_executor const& io) { timer_.emplace(io, asio::steady_timer::time_point::max()); }

    /// The next message, or how the feed ends; null when there is nothing to be had now.
    std::optional<result<message_ptr>> next() {
        std::lock_guard const guard(state().lock);
        if (!queue_.empty()) {
            message_ptr message = std::move(queue_.front());
            queue_.pop_front();
            return message;
        }
        if (dropped_)
            return result<message_ptr>(
                status(status_code::resource_exhausted,
                       "too slow: " + std::to_string(state().options.queue) + " messages wait already"));
        if (state().closed)
            return result<message_ptr>(status());
        waiting_ = true;
        return std::nullopt;
    }

    /// Until there may be something. Precondition: started.
    asio::awaitable<void> wait() {
        error_code ignored;
        if (timer_)
            co_await timer_->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

private:
    broadcast_hub::state& state() const noexcept { return *hub_->state_; }

    std::shared_ptr<broadcast_hub> hub_;
    std::optional<asio::steady_timer> timer_;
    std::deque<message_ptr> queue_;
    bool dropped_ = false;
    bool waiting_ = false;
};

broadcast_hub::broadcast_hub(broadcast_options options) : state_(std::make_unique<state>()) {
    if (options.queue == 0)
        throw std::invalid_argument("broadcast_options.queue must be at least 1");
    state_->options = options;
}

broadcast_hub::~broadcast_hub() = default;

status broadcast_hub::publish(message_ptr message) {
    if (auto const json = message->as({nullptr, false}); json.has_error())
        return json.error();
    std::lock_guard const guard(state_->lock);
    if (state_->closed)
        return {};
    std::erase_if(state_->all, [&](subscriber* each) {
        bool const stays = each->add(message);
        state_->dropped += stays ? 0 : 1;
        return !stays;
    });
    return {};
}

void broadcast_hub::close() {
    std::lock_guard const guard(state_->lock);
    state_->closed = true;
    for (subscriber* const each : state_->all)
        each->wake();
}

asio::awaitable<status> broadcast_hub::feed(answer_sink& to, broadcast_message::encoding how) {
    return run(std::make_shared<subscriber>(shared_from_this()), to, how);
}

asio::awaitable<status> broadcast_hub::run(std::shared_ptr<subscriber> who, answer_sink& to,
                                           broadcast_message::encoding how) {
    who->start(co_await asio::this_coro::executor);
    for (;;) {
        auto const next = who->next();
        if (!next) {
            auto waiting = who->wait();
            co_await std::move(waiting);
            continue; // a feed that was cancelled is left by the next wait
        }
        if (next->has_error())
            co_return next->error();
        result<std::shared_ptr<buffer const>> const bytes = (**next)->as(how);
        if (bytes.has_error())
            co_return bytes.error();
        auto pushing = asio::async_initiate<asio::use_awaitable_t<> const, void(result<void>)>(
            [](auto handler, answer_sink* sink, buffer copy) { sink->push(std::move(copy), std::move(handler)); },
            asio::use_awaitable, &to, buffer((*bytes)->view()));
        result<void> const pushed = co_await std::move(pushing);
        if (pushed.has_error())
            co_return pushed.error();
    }
}

std::size_t broadcast_hub::subscribers() const {
    std::lock_guard const guard(state_->lock);
    return state_->all.size();
}

std::uint64_t broadcast_hub::skipped() const {
    std::lock_guard const guard(state_->lock);
    return state_->skipped;
}

std::uint64_t broadcast_hub::dropped() const {
    std::lock_guard const guard(state_->lock);
    return state_->dropped;
}

} // namespace joust::game::detail
