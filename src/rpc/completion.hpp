//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <utility>

namespace joust::rpc {

/// The completion handler of an operation under way, or none. Its executor is kept at work until it is called.
template <class Result>
class completion {
    struct nothing {
        void operator()(Result&) const noexcept {}
    };

public:
    using handler_type = boost::asio::any_completion_handler<void(Result)>;

    completion() = default;
    completion(completion&&) noexcept = default;
    // Boost 1.81's any_completion_handler wraps itself when it is move-assigned; swapping is right everywhere.
    completion& operator=(completion&& other) noexcept {
        handler_.swap(other.handler_);
        std::swap(io_, other.io_);
        std::swap(work_, other.work_);
        return *this;
    }
    ~completion() = default;

    /// `io` is the executor of the operation itself, on which handlers without an executor run.
    completion(handler_type handler, boost::asio::any_io_executor const& io)
        : handler_(std::move(handler)), io_(io),
          work_(boost::asio::prefer(boost::asio::get_associated_executor(handler_, io),
                                    boost::asio::execution::outstanding_work_t::tracked)) {}

    explicit operator bool() const noexcept { return static_cast<bool>(handler_); }

    /// Calls the handler on its executor, at once if this is it. Forgets it first: it may begin the next operation.
    /// `last_look(r)` is called there before the handler, while its slot still tells whether it was cancelled.
    template <class LastLook = nothing>
    void dispatch(Result r, LastLook last_look = {}) {
        auto const executor = std::exchange(work_, {});
        boost::asio::dispatch(executor, bound(std::move(r), std::move(last_look)));
    }

    /// For completions inside the initiating function.
    template <class LastLook = nothing>
    void post(Result r, LastLook last_look = {}) {
        auto const executor = std::exchange(work_, {});
        boost::asio::post(io_, boost::asio::bind_executor(executor, bound(std::move(r), std::move(last_look))));
    }

    /// Destroys the handler without calling it.
    void abandon() noexcept {
        handler_type const dropped(std::move(handler_));
        work_ = {};
    }

    /// Precondition: there is a handler.
    boost::asio::cancellation_slot slot() const noexcept {
        return boost::asio::get_associated_cancellation_slot(handler_);
    }

private:
    // The slot belongs to the handler's executor: whoever emits a cancellation does so there.
    template <class LastLook>
    auto bound(Result r, LastLook last_look) {
        return [h = std::move(handler_), r = std::move(r), last_look = std::move(last_look)]() mutable {
            last_look(r);
            boost::asio::get_associated_cancellation_slot(h).clear();
            std::move(h)(std::move(r));
        };
    }

    handler_type handler_;
    boost::asio::any_io_executor io_;
    boost::asio::any_completion_executor work_;
};

/// Completes an operation that ends where it begins.
template <class Result>
void post_completion(boost::asio::any_completion_handler<void(Result)> handler, boost::asio::any_io_executor const& io,
                     Result r) {
    completion<Result>(std::move(handler), io).post(std::move(r));
}

} // namespace joust::rpc
