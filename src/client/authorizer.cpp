//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/authorizer.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <utility>

namespace joust::client {

namespace asio = boost::asio;

namespace {

/// gRFC A54: codes that speak about the request or its answer are not for credentials.
status as_of_credentials(status const& s) {
    switch (s.code()) {
    case status_code::ok:
    case status_code::invalid_argument:
    case status_code::not_found:
    case status_code::already_exists:
    case status_code::failed_precondition:
    case status_code::aborted:
    case status_code::out_of_range:
    case status_code::data_loss:
        return status(status_code::internal, "call credentials: " + s.to_string(), s.origin(), s.cause());
    default: return s;
    }
}

} // namespace

/// One call that waits for its credentials. Kept by what they complete with, so it goes when they do.
class authorizer::attempt : public std::enable_shared_from_this<attempt> {
public:
    attempt(authorizer const& by, std::shared_ptr<rpc::pending_call> call, std::shared_ptr<pool> to)
        : sources_{by.credentials_, call->credentials()}, target_{call->path(), by.authority_}, call_(std::move(call)),
          to_(std::move(to)), timer_(to_->get_executor()), waiting_(by.waiting_) {
        ++*waiting_;
    }
    attempt(attempt const&) = delete;
    attempt& operator=(attempt const&) = delete;
    ~attempt() { --*waiting_; }

    void start() {
        ask_next();
        if (done_ || call_->ended())
            return;
        if (auto const deadline = call_->deadline()) {
            timer_.expires_at(*deadline);
            timer_.async_wait([weak = weak_from_this()](error_code ec) {
                if (auto const self = weak.lock(); self && !ec && !self->done_)
                    self->call_->fail(status(status_code::deadline_exceeded,
                                             "the deadline passed while waiting for call credentials"));
            });
        }
    }

private:
    void ask_next() {
        while (next_ != sources_.size() && !sources_[next_])
            ++next_;
        if (next_ == sources_.size()) {
            done_ = true;
            timer_.cancel();
            to_->submit(std::move(call_));
            return;
        }
        auto const& source = sources_[next_++];
        source->start(to_->get_executor(), target_, [self = shared_from_this()](result<metadata> r) {
            asio::dispatch(self->to_->get_executor(),
                           [self, r = std::move(r)]() mutable { self->on_metadata(std::move(r)); });
        });
    }

    void on_metadata(result<metadata> r) {
        if (done_ || call_->ended()) // cancelled, or too late
            return;
        if (r.has_error()) {
            done_ = true;
            timer_.cancel();
            call_->fail(as_of_credentials(r.error()));
            return;
        }
        call_->add_metadata(*r);
        ask_next();
    }

    std::array<std::shared_ptr<call_credentials>, 2> sources_; // the channel's and the call's
    std::size_t next_ = 0;
    call_target target_;
    std::shared_ptr<rpc::pending_call> call_;
    std::shared_ptr<pool> to_;
    asio::steady_timer timer_;
    std::shared_ptr<std::atomic<std::size_t>> waiting_;
    bool done_ = false;
};

authorizer::authorizer(channel_options const& options, bool safe, std::string authority, std::string name)
    : credentials_(options.call_credentials), authority_(std::move(authority)), max_waiting_(options.max_queued_calls),
      waiting_(std::make_shared<std::atomic<std::size_t>>(0)) {
    if (!safe && !options.call_credentials_without_tls)
        refusal_ = status(status_code::unauthenticated,
                          "call credentials are not sent to " + name +
                              " without TLS (channel_options.call_credentials_without_tls allows it)");
}

void authorizer::authorize(std::shared_ptr<rpc::pending_call> call, std::shared_ptr<pool> to) const {
    auto const io = to->get_executor();
    status refusal = refusal_;
    if (refusal.ok() && *waiting_ >= max_waiting_)
        refusal =
            status(status_code::resource_exhausted,
                   "more than max_queued_calls = " + std::to_string(max_waiting_) + " calls wait for call credentials");
    if (!refusal.ok()) {
        asio::dispatch(io, [call = std::move(call), refusal] { call->fail(refusal); });
        return;
    }
    auto a = std::make_shared<attempt>(*this, std::move(call), std::move(to));
    asio::dispatch(io, [a = std::move(a)] { a->start(); });
}

} // namespace joust::client
