//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/metadata.hpp"
#include "joust/core/result.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace joust {

/// The call that credentials are asked for.
struct call_target {
    std::string path;      ///< `/package.Service/Method`
    std::string authority; ///< `:authority` of the call
};

/// Gives the metadata that say who makes a call, for each call anew.
///
/// *Thread safety*: `start` is called on the executor of the channel that makes the call; of one object by several
/// channels at the same time, unless they share an executor.
class call_credentials {
public:
    using handler_type = boost::asio::any_completion_handler<void(result<metadata>)>;

    virtual ~call_credentials() = default;
    /// Completes with metadata for the call, or with the status that the call fails with, once, on any thread, maybe
    /// before this returns. The codes that say something about the request become INTERNAL (gRFC A54).
    virtual void start(boost::asio::any_io_executor const& executor, call_target target, handler_type handler) = 0;
};

namespace detail {

template <class T>
inline constexpr bool is_coroutine = false;
template <class T, class Executor>
inline constexpr bool is_coroutine<boost::asio::awaitable<T, Executor>> = true;

/// What a call ends with whose credentials threw.
status status_of(std::exception_ptr failed);

/// Runs a function that returns a result, or an awaitable of one, and completes with it.
template <class Result, class F, class Handler, class... Arguments>
void complete_with(boost::asio::any_io_executor const& executor, F& f, Handler handler, Arguments... arguments) {
    if constexpr (is_coroutine<std::invoke_result_t<F&, Arguments...>>)
        boost::asio::co_spawn(executor, std::invoke(f, std::move(arguments)...),
                              [h = std::move(handler)](std::exception_ptr failed, Result r) mutable {
                                  std::move(h)(failed ? Result(status_of(std::move(failed))) : std::move(r));
                              });
    else
        std::move(handler)(Result(std::invoke(f, std::move(arguments)...)));
}

template <class F>
class function_credentials final : public call_credentials {
public:
    explicit function_credentials(F f) : f_(std::move(f)) {}
    void start(boost::asio::any_io_executor const& executor, call_target target, handler_type handler) override {
        complete_with<result<metadata>>(executor, f_, std::move(handler), std::move(target));
    }

private:
    F f_;
};

} // namespace detail

/// Credentials by a function: `result<metadata> f(call_target)`, or a coroutine
/// `awaitable<result<metadata>> f(call_target)`.
template <class F>
std::shared_ptr<call_credentials> make_call_credentials(F f) {
    return std::make_shared<detail::function_credentials<F>>(std::move(f));
}

/// What shows who somebody is, for a while.
struct access_token {
    std::string text;
    std::chrono::steady_clock::time_point expires = std::chrono::steady_clock::time_point::max();
};

/// Fetches a new token.
using token_source = std::function<void(boost::asio::any_io_executor const&,
                                        boost::asio::any_completion_handler<void(result<access_token>)>)>;

/// How tokens are renewed.
struct bearer_token_options {
    /// This long before it expires, a new token is fetched while the old one is still used.
    std::chrono::steady_clock::duration refresh_before = std::chrono::seconds(60);
};

/// `authorization: Bearer <token>` on every call, of a token that is fetched when one is needed, by one fetch for all
/// calls that wait for it. A failed fetch fails those, and the next call fetches again.
std::shared_ptr<call_credentials> bearer_token(token_source fetch, bearer_token_options options);

/// The same with a function: `result<access_token> f()`, or a coroutine `awaitable<result<access_token>> f()`.
template <class F>
    requires std::is_invocable_v<F&>
std::shared_ptr<call_credentials> bearer_token(F fetch, bearer_token_options options = {}) {
    return bearer_token(
        token_source([f = std::move(fetch)](boost::asio::any_io_executor const& executor, auto handler) mutable {
            detail::complete_with<result<access_token>>(executor, f, std::move(handler));
        }),
        options);
}

/// The same with a token that does not change.
std::shared_ptr<call_credentials> bearer_token(std::string token);

} // namespace joust
