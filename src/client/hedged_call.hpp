//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/hedging_state.hpp"
#include "client/tried_endpoints.hpp"
#include "rpc/pending_call.hpp"

#include <boost/asio/steady_timer.hpp>

#include <array>
#include <memory>
#include <optional>

namespace joust::client {

class pool;

/// A unary call that is made several times without waiting for the first to fail (gRFC A6). Each attempt is a call of
/// its own; the first answer is the call's, and the others are cancelled. What is decided is up to `hedging_state`.
///
///     call --entrust--> hedged_call --make_attempt, launch--> pool
///       ^                 |     ^                              |
///       +-----settle------+     +--- on_attempt_end, on_done --+
///
/// *Lifetime*: its attempts keep it, and its timer; it keeps the call and the pool.
/// *Thread safety*: on the channel's executor.
class hedged_call final : public rpc::call_delegate, public std::enable_shared_from_this<hedged_call> {
public:
    /// `call` has been checked, is not started, and there can be attempts of it. `policy` is copied.
    hedged_call(std::shared_ptr<pool> by, std::shared_ptr<rpc::pending_call> call, hedging_policy const& policy);
    hedged_call(hedged_call const&) = delete;
    hedged_call& operator=(hedged_call const&) = delete;
    ~hedged_call();

    void start() { launch_due(); }

    /// Where its attempts have been; may be looked at when it is over.
    std::shared_ptr<tried_endpoints> const& tried() const noexcept { return tried_; }

    /// A server or the network ended this attempt. True: it is to be made again at once.
    bool on_attempt_end(rpc::pending_call const& call, failed_attempt const& how, time_point now);

private:
    struct attempt {
        std::shared_ptr<rpc::pending_call> call;
        response_info info;
        std::optional<hedging_action> decided; // when it has ended with what `on_attempt_end` was asked about
    };

    // rpc::call_delegate
    bool begun() const noexcept override;
    void on_failed() override;

    void launch_due();
    void launch();
    void on_done(attempt& which, result<buffer> outcome);
    hedging_action judge(rpc::pending_call const& call, status const& why);
    void arm();
    void finish(result<buffer> outcome, response_info info);
    void end();

    std::shared_ptr<pool> pool_;
    std::shared_ptr<rpc::pending_call> call_; // null: it has its outcome
    hedging_state state_;
    std::shared_ptr<tried_endpoints> tried_ = std::make_shared<tried_endpoints>();
    boost::asio::steady_timer timer_; // of the next attempt
    std::array<attempt, most_attempts> attempts_;
    status last_;             // of those that have failed
    response_info last_info_; // of the same
};

} // namespace joust::client
