//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/surroundings.hpp"
#include "joust/core/result.hpp"
#include "joust/game/outgoing_call.hpp"
#include "joust/rpc/channel_base.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joust::game {

/// Takes one call through the hooks of a client's interceptors, and through its fallback:
///
///     before, [prepare, the call, take, degrade], after, conclude
///
/// What is in brackets is left out when `before` refuses or answers. `after` is called once, whatever happened.
class surrounded_call {
public:
    /// `framed` is a request of ours, with its prefix.
    surrounded_call(std::shared_ptr<surroundings const> around, buffer framed, joust::call_options options,
                    bool in_stream);

    outgoing_call& call() noexcept { return call_; }
    status const& outcome() const noexcept { return outcome_; }
    response_info& info() noexcept { return info_; }
    /// Whether its hooks and its fallback are plain ones.
    bool synchronous() const noexcept;

    /// True: the call is to be made. Precondition: synchronous().
    bool before();
    /// The same for all hooks; does not throw.
    boost::asio::awaitable<bool> async_before();

    /// What is to be sent, and how; before each call that may fall back. An error is the outcome then.
    result<buffer> request() const;
    status prepare();

    /// What came of the call: the message of the answer, or how it failed.
    void take(result<buffer> answer);
    /// An answer that is not the last of its request, changed by the hooks. May throw.
    buffer push(std::string_view payload);

    /// Whether the outcome is one that a fallback stands in for.
    bool wants_fallback() const;
    /// Precondition: synchronous().
    void degrade();
    boost::asio::awaitable<void> async_degrade();
    void fail(status why);

    /// Precondition: synchronous().
    void after();
    /// The same for all hooks; does not throw. Resets the cancellation state of the coroutine that awaits it, which has
    /// done so itself before.
    boost::asio::awaitable<void> async_after();

    /// The message of the answer, or how the call failed.
    result<buffer> conclude();
    /// The same as a message, for a stream.
    buffer conclude_message();

private:
    bool judge_before(status s);
    void accept(std::optional<kept_fallback::given> given);
    void start_end(bool failed);
    void end_one(status const& hook, bool failed);

    std::shared_ptr<surroundings const> around_;
    kept_fallback const* fallback_ = nullptr;
    outgoing_call call_;
    bool plain_;              // marked by `wire::keep_plain`
    std::size_t started_ = 0; // interceptors whose end is due
    status outcome_;
    bool from_server_ = false; // `call_.received_` is the message of the answer
    std::vector<std::string> keys_;
    std::optional<std::chrono::steady_clock::time_point> deadline_;
    response_info info_;
};

/// Makes an `async_call` with what stands around it. `origin`, unless null, is filled before it completes.
void start_surrounded(std::shared_ptr<surroundings const> around, std::shared_ptr<channel_base> via,
                      result<buffer> framed, joust::call_options options, answer_origin* origin,
                      channel_base::unary_handler_type handler);

} // namespace joust::game
