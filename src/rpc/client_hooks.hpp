//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/client_interceptor.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

namespace joust::rpc {

/// The interceptors of one call on a client, in order.
///
/// Hooks may throw, but for those of `finish`.
class client_hooks {
public:
    explicit client_hooks(std::vector<any_client_interceptor> const& all);

    bool synchronous() const noexcept { return synchronous_; }
    bool sees_messages() const noexcept { return sees_messages_; }

    // Precondition: synchronous()
    status start(std::string_view path, call_options& options);
    status on_request(buffer& message);
    void on_headers(metadata const& initial);
    status on_response(buffer& message);
    void finish(status& outcome, metadata const& trailing);

    // For all.
    boost::asio::awaitable<status> async_start(std::string_view path, call_options& options);
    boost::asio::awaitable<status> async_on_request(buffer& message);
    boost::asio::awaitable<void> async_on_headers(metadata const& initial);
    boost::asio::awaitable<status> async_on_response(buffer& message);
    /// Resets the cancellation state of the coroutine that awaits it, which has done so itself before.
    boost::asio::awaitable<void> async_finish(status& outcome, metadata const& trailing);

private:
    using plain = std::shared_ptr<client_interceptor>;
    using coroutines = std::shared_ptr<async_client_interceptor>;
    struct entry {
        std::variant<plain, coroutines> interceptor;
        bool sees_messages;
    };

    std::vector<entry> entries_;
    std::size_t started_ = 0; // whose `on_finish` is due
    bool synchronous_ = true;
    bool sees_messages_ = false;
};

/// What an exception makes of a call.
status status_of(std::exception_ptr e);

/// Runs `hooks`, which may throw and which returns a status.
template <class Hooks>
status guarded(Hooks hooks) {
    try {
        return hooks();
    } catch (...) {
        return status_of(std::current_exception());
    }
}

/// What is left of an answer after the last hook.
template <class T>
result<T> concluded(result<T> answer, status outcome) {
    if (!outcome.ok())
        return outcome;
    if (answer.has_error())
        return status(status_code::internal, "an interceptor made OK of a failed call, which has no answer");
    return answer;
}

/// The messages of a streaming call with hooks around them.
std::shared_ptr<client_messages> intercept(std::shared_ptr<client_messages> inner, std::shared_ptr<client_hooks> hooks);

} // namespace joust::rpc
