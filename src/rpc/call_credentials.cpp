//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/rpc/call_credentials.hpp"

#include <mutex>
#include <optional>
#include <vector>

namespace joust {

namespace asio = boost::asio;

status detail::status_of(std::exception_ptr failed) {
    try {
        std::rethrow_exception(std::move(failed));
    } catch (rpc_error const& e) {
        return e.status();
    } catch (std::exception const& e) {
        return status(status_code::unavailable, std::string("call credentials: ") + e.what());
    } catch (...) {
        return status(status_code::unavailable, "call credentials: an exception of unknown type");
    }
}

namespace {

metadata header_of(access_token const& token) {
    metadata m;
    m.add("authorization", "Bearer " + token.text);
    return m;
}

class cached_token final : public call_credentials, public std::enable_shared_from_this<cached_token> {
public:
    cached_token(token_source fetch, bearer_token_options options) : fetch_(std::move(fetch)), options_(options) {}

    void start(asio::any_io_executor const& executor, call_target, handler_type handler) override {
        auto const now = std::chrono::steady_clock::now();
        std::unique_lock lock(mutex_);
        bool const usable = token_ && now < token_->expires;
        bool const stale = !usable || token_->expires - now < options_.refresh_before;
        bool const must_fetch = stale && !std::exchange(fetching_, fetching_ || stale);
        if (usable) {
            metadata header = header_of(*token_);
            lock.unlock();
            std::move(handler)(result<metadata>(std::move(header)));
        } else {
            waiting_.push_back(std::move(handler));
            lock.unlock();
        }
        if (must_fetch)
            fetch_(executor, [self = shared_from_this()](result<access_token> r) { self->on_fetched(std::move(r)); });
    }

private:
    void on_fetched(result<access_token> r) {
        std::unique_lock lock(mutex_);
        fetching_ = false;
        if (!r.has_error())
            token_ = *r;
        std::vector<handler_type> waited;
        waited.swap(waiting_);
        lock.unlock();
        for (handler_type& h : waited)
            std::move(h)(r.has_error() ? result<metadata>(r.error()) : result<metadata>(header_of(*r)));
    }

    token_source fetch_;
    bearer_token_options options_;
    std::mutex mutex_;
    std::optional<access_token> token_;
    bool fetching_ = false;
    std::vector<handler_type> waiting_;
};

} // namespace

std::shared_ptr<call_credentials> bearer_token(token_source fetch, bearer_token_options options) {
    return std::make_shared<cached_token>(std::move(fetch), options);
}

std::shared_ptr<call_credentials> bearer_token(std::string token) {
    metadata const header = header_of(access_token{std::move(token)});
    return make_call_credentials([header](call_target const&) { return result<metadata>(header); });
}

} // namespace joust
