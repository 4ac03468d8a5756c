//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/server_chain.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace joust::rpc {

namespace asio = boost::asio;

namespace {

/// A unary handler with interceptors around it. All of it runs in `invoke` when nothing of it needs a coroutine, else
/// all of it in `start`, as only one of them sees the call's context.
class intercepted_unary final : public unary_handler {
public:
    intercepted_unary(std::unique_ptr<unary_handler> inner, std::shared_ptr<server_chain const> chain)
        : inner_(std::move(inner)), chain_(std::move(chain)),
          at_once_(chain_->synchronous() && inner_->answers_at_once()) {}

    bool answers_at_once() const noexcept override { return at_once_; }

    std::optional<status> invoke(call_context& context, std::string_view request, buffer& response) override {
        if (!at_once_)
            return std::nullopt;
        std::size_t started = 0;
        status outcome;
        try {
            outcome = run(context, request, response, started);
        } catch (...) {
            outcome = outcome_of(context, std::current_exception());
        }
        bool const answered = outcome.ok();
        chain_->finish(context, started, outcome);
        return checked(answered, std::move(outcome));
    }

    asio::awaitable<status> start(call_context& context, std::string_view request, buffer& response) override {
        std::size_t started = 0;
        status outcome;
        std::exception_ptr failed;
        try {
            auto running = async_run(context, request, response, started);
            outcome = co_await std::move(running);
        } catch (...) {
            failed = std::current_exception();
        }
        co_await asio::this_coro::reset_cancellation_state();
        if (failed)
            outcome = outcome_of(context, std::move(failed));
        bool const answered = outcome.ok();
        auto finishing = chain_->async_finish(context, started, outcome);
        co_await std::move(finishing);
        co_return checked(answered, std::move(outcome));
    }

private:
    static status checked(bool answered, status outcome) {
        if (outcome.ok() && !answered)
            return status(status_code::internal, "an interceptor made OK of a failed call, which has no message");
        return outcome;
    }

    /// The handler has said that it answers at once.
    status invoke_inner(call_context& context, std::string_view request, buffer& response) {
        std::optional<status> outcome = inner_->invoke(context, request, response);
        return outcome ? std::move(*outcome) : status(status_code::internal, "the handler did not answer at once");
    }

    status run(call_context& context, std::string_view request, buffer& response, std::size_t& started) {
        if (status refused = chain_->start(context, started); !refused.ok())
            return refused;
        std::size_t const before = response.size();
        if (!chain_->sees_messages()) {
            status outcome = invoke_inner(context, request, response);
            return outcome.ok() ? context.check_response_size(response.size() - before) : outcome;
        }
        buffer message(request);
        if (status refused = chain_->on_request(context, message); !refused.ok())
            return refused;
        buffer answer;
        if (status outcome = invoke_inner(context, message.view(), answer); !outcome.ok())
            return outcome;
        if (status refused = chain_->on_response(context, answer); !refused.ok())
            return refused;
        response.append(answer.view());
        return context.check_response_size(answer.size());
    }

    asio::awaitable<status> async_run(call_context& context, std::string_view request, buffer& response,
                                      std::size_t& started) {
        auto starting = chain_->async_start(context, started);
        if (status refused = co_await std::move(starting); !refused.ok())
            co_return refused;
        std::size_t const before = response.size();
        if (!chain_->sees_messages()) {
            auto running = run_inner(context, request, response);
            status outcome = co_await std::move(running);
            co_return outcome.ok() ? context.check_response_size(response.size() - before) : outcome;
        }
        buffer message(request);
        auto asking = chain_->async_on_request(context, message);
        if (status refused = co_await std::move(asking); !refused.ok())
            co_return refused;
        buffer answer;
        auto running = run_inner(context, message.view(), answer);
        if (status outcome = co_await std::move(running); !outcome.ok())
            co_return outcome;
        auto answering = chain_->async_on_response(context, answer);
        if (status refused = co_await std::move(answering); !refused.ok())
            co_return refused;
        response.append(answer.view());
        co_return context.check_response_size(answer.size());
    }

    asio::awaitable<status> run_inner(call_context& context, std::string_view request, buffer& response) {
        if (std::optional<status> at_once = inner_->invoke(context, request, response))
            co_return std::move(*at_once);
        auto running = inner_->start(context, request, response);
        co_return co_await std::move(running);
    }

    std::unique_ptr<unary_handler> inner_;
    std::shared_ptr<server_chain const> chain_;
    bool at_once_;
};

} // namespace

std::unique_ptr<unary_handler> intercept(std::unique_ptr<unary_handler> inner,
                                         std::shared_ptr<server_chain const> chain) {
    return std::make_unique<intercepted_unary>(std::move(inner), std::move(chain));
}

} // namespace joust::rpc
