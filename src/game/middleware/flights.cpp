//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/flights.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace joust::game {

namespace asio = boost::asio;

class flights::waiting {
public:
    waiting(flights& in, std::string const& key, std::shared_ptr<follower> who)
        : in_(in), key_(key), who_(std::move(who)) {}
    waiting(waiting const&) = delete;
    waiting& operator=(waiting const&) = delete;
    ~waiting() {
        std::lock_guard const lock(in_.mutex_);
        in_.flights_.leave(key_, who_);
    }

    bool done() const {
        std::lock_guard const lock(in_.mutex_);
        return who_->done;
    }

private:
    flights& in_;
    std::string const& key_;
    std::shared_ptr<follower> who_;
};

void flights::finish(std::shared_ptr<follower> const& f, landed result) {
    // With the mutex held. The executor is there: its coroutine would have left otherwise.
    f->result = std::move(result);
    f->done = true;
    asio::post(f->wake.get_executor(), [f] { f->wake.cancel(); });
}

void flights::leadership::hand_over() noexcept {
    auto const of = std::exchange(of_, nullptr);
    if (of == nullptr)
        return;
    std::lock_guard const lock(of->mutex_);
    if (auto const f = of->flights_.hand_over(key_)) {
        landed result;
        result.leads = std::make_shared<leadership>(of, std::move(key_));
        finish(*f, std::move(result));
    }
}

void flights::leadership::end(answer_table::answer const& what, status const& error) {
    auto const of = std::exchange(of_, nullptr);
    if (of == nullptr)
        return;
    std::lock_guard const lock(of->mutex_);
    landed result;
    result.answer = what;
    result.error = error;
    for (auto const& f : of->flights_.end(key_))
        finish(f, result);
}

asio::awaitable<flights::landed> flights::join(std::string key) {
    auto const executor = co_await asio::this_coro::executor;
    auto const f = std::make_shared<follower>(executor);
    landed result;
    {
        std::lock_guard const lock(mutex_);
        if (flights_.lead(key)) {
            result.leads = std::make_shared<leadership>(shared_from_this(), std::move(key));
            co_return result;
        }
        flights_.follow(key, f);
    }
    waiting const here(*this, key, f);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    while (!here.done()) {
        if (cancellation.cancelled() != asio::cancellation_type::none) {
            result.error = status(status_code::cancelled, "cancelled");
            co_return result;
        }
        (void)co_await f->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    result = std::move(f->result);
    co_return result;
}

} // namespace joust::game
