//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/client_hooks.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <ranges>
#include <type_traits>
#include <utility>

namespace joust::rpc {

namespace asio = boost::asio;

client_hooks::client_hooks(std::vector<any_client_interceptor> const& all) {
    entries_.reserve(all.size());
    for (any_client_interceptor const& each : all)
        std::visit(
            [this](auto const& made) {
                if constexpr (requires { made(); })
                    entries_.push_back({made(), false});
                else
                    entries_.push_back({made, false});
            },
            each);
    for (entry& e : entries_) {
        e.sees_messages = std::visit([](auto const& p) { return p->sees_messages(); }, e.interceptor);
        sees_messages_ = sees_messages_ || e.sees_messages;
        synchronous_ = synchronous_ && std::holds_alternative<plain>(e.interceptor);
    }
}

status client_hooks::start(std::string_view path, call_options& options) {
    for (entry const& e : entries_) {
        ++started_;
        if (status s = std::get<plain>(e.interceptor)->on_start(path, options); !s.ok())
            return s;
    }
    return {};
}

status client_hooks::on_request(buffer& message) {
    for (entry const& e : entries_)
        if (e.sees_messages)
            if (status s = std::get<plain>(e.interceptor)->on_request(message); !s.ok())
                return s;
    return {};
}

void client_hooks::on_headers(metadata const& initial) {
    for (entry const& e : entries_ | std::views::reverse)
        std::get<plain>(e.interceptor)->on_headers(initial);
}

status client_hooks::on_response(buffer& message) {
    for (entry const& e : entries_ | std::views::reverse)
        if (e.sees_messages)
            if (status s = std::get<plain>(e.interceptor)->on_response(message); !s.ok())
                return s;
    return {};
}

void client_hooks::finish(status& outcome, metadata const& trailing) {
    for (std::size_t left = std::exchange(started_, 0); left-- != 0;) {
        status const thrown = guarded([&] {
            std::get<plain>(entries_[left].interceptor)->on_finish(outcome, trailing);
            return status();
        });
        if (!thrown.ok())
            outcome = thrown;
    }
}

asio::awaitable<status> client_hooks::async_start(std::string_view path, call_options& options) {
    for (entry const& e : entries_) {
        ++started_;
        status s;
        if (auto const* const p = std::get_if<plain>(&e.interceptor)) {
            s = (*p)->on_start(path, options);
        } else {
            auto hook = std::get<coroutines>(e.interceptor)->on_start(path, options);
            s = co_await std::move(hook);
        }
        if (!s.ok())
            co_return s;
    }
    co_return status();
}

asio::awaitable<status> client_hooks::async_on_request(buffer& message) {
    for (entry const& e : entries_) {
        if (!e.sees_messages)
            continue;
        status s;
        if (auto const* const p = std::get_if<plain>(&e.interceptor)) {
            s = (*p)->on_request(message);
        } else {
            auto hook = std::get<coroutines>(e.interceptor)->on_request(message);
            s = co_await std::move(hook);
        }
        if (!s.ok())
            co_return s;
    }
    co_return status();
}

asio::awaitable<void> client_hooks::async_on_headers(metadata const& initial) {
    for (std::size_t i = entries_.size(); i-- != 0;) {
        if (auto const* const p = std::get_if<plain>(&entries_[i].interceptor)) {
            (*p)->on_headers(initial);
        } else {
            auto hook = std::get<coroutines>(entries_[i].interceptor)->on_headers(initial);
            co_await std::move(hook);
        }
    }
}

asio::awaitable<status> client_hooks::async_on_response(buffer& message) {
    for (std::size_t i = entries_.size(); i-- != 0;) {
        entry const& e = entries_[i];
        if (!e.sees_messages)
            continue;
        status s;
        if (auto const* const p = std::get_if<plain>(&e.interceptor)) {
            s = (*p)->on_response(message);
        } else {
            auto hook = std::get<coroutines>(e.interceptor)->on_response(message);
            s = co_await std::move(hook);
        }
        if (!s.ok())
            co_return s;
    }
    co_return status();
}

asio::awaitable<void> client_hooks::async_finish(status& outcome, metadata const& trailing) {
    for (std::size_t left = std::exchange(started_, 0); left-- != 0;) {
        std::exception_ptr failed;
        try {
            if (auto const* const p = std::get_if<plain>(&entries_[left].interceptor)) {
                (*p)->on_finish(outcome, trailing);
            } else {
                auto hook = std::get<coroutines>(entries_[left].interceptor)->on_finish(outcome, trailing);
                co_await std::move(hook);
            }
        } catch (...) {
            failed = std::current_exception();
        }
        co_await asio::this_coro::reset_cancellation_state();
        if (failed)
            outcome = status_of(std::move(failed));
    }
}

status status_of(std::exception_ptr e) {
    try {
        std::rethrow_exception(std::move(e));
    } catch (rpc_error const& error) {
        return error.status().ok() ? status(status_code::internal, "an rpc_error with the status OK") : error.status();
    } catch (boost::system::system_error const& error) {
        if (error.code() == asio::error::operation_aborted)
            return status(status_code::cancelled, "the call was cancelled");
        return status(status_code::internal, std::string("an interceptor failed: ") + error.what());
    } catch (std::exception const& error) {
        return status(status_code::internal, std::string("an interceptor failed: ") + error.what());
    } catch (...) {
        return status(status_code::internal, "an interceptor failed");
    }
}

} // namespace joust::rpc
