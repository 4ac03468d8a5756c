//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/response_outbox.hpp"

#include "game/abandoning_handler.hpp"
#include "rpc/read_cancellation.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace joust::game {

namespace asio = boost::asio;

void response_outbox::write(result<buffer> framed, write_handler handler) {
    add(std::move(framed), std::move(handler));
}

asio::awaitable<void> response_outbox::flush() {
    auto flushing = asio::async_initiate<asio::use_awaitable_t<> const, void(result<void>)>(
        [](auto handler, response_outbox* self) { self->add(std::nullopt, std::move(handler)); }, asio::use_awaitable,
        this);
    co_await std::move(flushing);
}

void response_outbox::add(std::optional<result<buffer>> framed, write_handler handler) {
    auto waiter = std::make_shared<completion>(std::move(handler), to_.get_executor());
    if (closed_)
        return waiter->post(status(status_code::cancelled, "the call has ended"));
    if (auto slot = waiter->slot(); slot.is_connected())
        slot.assign([weak = std::weak_ptr(waiter)](asio::cancellation_type) {
            if (auto const w = weak.lock(); w && *w)
                w->post(rpc::wait_cancelled());
        });
    queue_.push_back({std::move(framed), std::move(waiter)});
    if (!sending_)
        next();
}

void response_outbox::next() {
    sending_ = false;
    while (!queue_.empty()) {
        entry e = std::move(queue_.front());
        queue_.pop_front();
        if (e.framed) {
            sending_ = true;
            waiter_ = std::move(e.waiter);
            last_ = clock::now();
            using sent = abandoning_handler<response_outbox, &response_outbox::on_sent, &response_outbox::abandon>;
            return to_.write(std::move(*e.framed), sent(shared_from_this()));
        }
        if (*e.waiter)
            e.waiter->post({});
    }
}

void response_outbox::on_sent(result<void> r) {
    auto const keep = shared_from_this();
    auto const waiter = std::exchange(waiter_, nullptr);
    if (closed_)
        sending_ = false;
    else
        next();
    if (*waiter)
        waiter->dispatch(std::move(r));
}

void response_outbox::abandon() noexcept {
    auto const keep = shared_from_this();
    closed_ = true;
    auto const waiter = std::exchange(waiter_, nullptr);
    auto const queue = std::exchange(queue_, {});
    if (waiter)
        waiter->abandon();
    for (entry const& each : queue)
        each.waiter->abandon();
}

} // namespace joust::game
