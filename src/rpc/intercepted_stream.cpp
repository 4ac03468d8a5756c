//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/intercepting_messages.hpp"
#include "rpc/server_chain.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace joust::rpc {

namespace asio = boost::asio;

namespace {

/// A streaming handler with interceptors around it.
class intercepted_stream final : public stream_handler {
public:
    intercepted_stream(std::unique_ptr<stream_handler> inner, std::shared_ptr<server_chain const> chain)
        : inner_(std::move(inner)), chain_(std::move(chain)) {}

    asio::awaitable<status> start(call_context& context, server_messages& messages) override {
        std::size_t started = 0;
        std::shared_ptr<intercepting_messages> seen;
        if (chain_->sees_messages())
            seen = std::make_shared<intercepting_messages>(chain_, context, messages);
        status outcome;
        std::exception_ptr failed;
        try {
            auto running = run(context, seen ? *seen : messages, started);
            outcome = co_await std::move(running);
        } catch (...) {
            failed = std::current_exception();
        }
        co_await asio::this_coro::reset_cancellation_state();
        if (failed)
            outcome = outcome_of(context, std::move(failed));
        if (seen) {
            auto closing = seen->close();
            co_await std::move(closing);
            if (auto const& refused = seen->refused())
                outcome = *refused;
        }
        auto finishing = chain_->async_finish(context, started, outcome);
        co_await std::move(finishing);
        co_return outcome;
    }

private:
    asio::awaitable<status> run(call_context& context, server_messages& messages, std::size_t& started) {
        auto starting = chain_->async_start(context, started);
        if (status refused = co_await std::move(starting); !refused.ok())
            co_return refused;
        auto running = inner_->start(context, messages);
        co_return co_await std::move(running);
    }

    std::unique_ptr<stream_handler> inner_;
    std::shared_ptr<server_chain const> chain_;
};

} // namespace

std::unique_ptr<stream_handler> intercept(std::unique_ptr<stream_handler> inner,
                                          std::shared_ptr<server_chain const> chain) {
    return std::make_unique<intercepted_stream>(std::move(inner), std::move(chain));
}

} // namespace joust::rpc
