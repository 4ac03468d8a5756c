//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/pending_call.hpp"

#include "joust/wire/message.hpp"
#include "rpc/inherit.hpp"

#include <algorithm>
#include <utility>

namespace joust::rpc {

pending_call::pending_call(boost::asio::any_io_executor io, std::shared_ptr<call_defaults const> defaults,
                           std::string_view path, std::optional<result<buffer>> only, call_options options)
    : io_(std::move(io)), options_(std::move(options)), defaults_(std::move(defaults)), path_(path),
      only_(std::move(only)), limits_(defaults_->limits) {
    inherit(options_);
    auto const earlier = [this](time_point t) { deadline_ = std::min(deadline_.value_or(t), t); };
    if (auto const timeout = options_.timeout ? options_.timeout : defaults_->timeout) {
        auto const now = std::chrono::steady_clock::now();
        earlier(*timeout < time_point::max() - now ? now + *timeout : time_point::max());
    }
    if (options_.deadline)
        earlier(*options_.deadline);
    if (options_.max_receive_message_size)
        limits_.max_receive_message_size = *options_.max_receive_message_size;
    if (!options_.encoding.empty() && defaults_->compressors)
        encoding_ = defaults_->compressors->find(options_.encoding.view());
}

pending_call::pending_call(pending_call const& whose, response_info* info)
    : net::timed(), std::enable_shared_from_this<pending_call>(), io_(whose.io_), options_(whose.options_),
      defaults_(whose.defaults_), path_(whose.path_), only_(whose.only_), limits_(whose.limits_),
      encoding_(whose.encoding_), deadline_(whose.deadline_) {
    options_.info = info;
}

bool pending_call::kept() const noexcept {
    return only_ && only_->has_value() && (*only_)->size() <= defaults_->retry_buffer_size;
}

status pending_call::check() const {
    if (only_ && only_->has_error())
        return only_->error();
    if (only_)
        if (status s = call::check_send_limit(limits_, (*only_)->size() - wire::prefix_size); !s.ok())
            return s;
    if (auto complaint = validate(options_.metadata))
        return status(status_code::internal, *complaint);
    if (encoding_ == nullptr && !options_.encoding.empty() && options_.encoding != "identity")
        return status(status_code::internal,
                      "the encoding '" + std::string(options_.encoding.view()) + "' is not known to the channel");
    if (deadline_ && *deadline_ <= std::chrono::steady_clock::now())
        return status(status_code::deadline_exceeded, "the deadline passed before the call was sent");
    return {};
}

bool pending_call::start(net::client_connection& c, attempt_owner* owner, std::string_view authority) {
    c.run([&] {
        call::request_start head;
        head.path = path_;
        head.authority = authority.empty() ? std::string_view(defaults_->authority) : authority;
        head.user_agent = defaults_->user_agent;
        head.secure = defaults_->secure;
        head.custom = &options_.metadata;
        head.known = defaults_->compressors.get();
        head.encoding = encoding_;
        if (deadline_)
            head.timeout = std::max(*deadline_ - c.now(), time_point::duration(1));
        net::client_stream* const s = c.open_call(head, limits_, deadline_, listener());
        if (s == nullptr)
            return;
        started_ = true;
        ++attempts_;
        owner_ = owner;
        attempt_started_ = c.now();
        stream_ = net::client_stream_ref(*s);
        if (attempt_timeout_ && *attempt_timeout_ < time_point::max() - attempt_started_)
            s->expect_headers_by(attempt_started_ + *attempt_timeout_);
        if (only_ && only_->has_value())
            start_with_message(**only_, *s);
        else
            on_started();
    });
    return started_;
}

bool pending_call::taken_over(net::client_stream& ended) {
    attempt_owner* const owner = std::exchange(owner_, nullptr);
    if (owner == nullptr)
        return false;
    auto& call = ended.call();
    time_point const now = ended.connection().now();
    attempt_end const how{call.outcome(),         committed_ || call.headers_received(),
                          ended.never_sent(),     call.trailing_metadata(),
                          now - attempt_started_, now};
    net::client_stream_ref stream = std::exchange(stream_, net::client_stream_ref()); // another may be there afterwards
    started_ = false;
    if (owner->on_attempt_end(*this, how))
        return true;
    started_ = true;
    stream_ = std::move(stream);
    return false;
}

void pending_call::add_metadata(metadata const& more) {
    for (auto const& [key, value] : more)
        options_.metadata.add(key, value);
}

void pending_call::start_with_message(buffer& kept, net::client_stream& s) {
    buffer sending;
    if (!committed_ && kept.size() <= defaults_->retry_buffer_size) {
        sending.append(kept.view());
    } else {
        committed_ = true;
        sending.swap(kept);
    }
    status sent = s.call().send_message(sending); // `check` has seen the rest, but a compressor may fail
    if (sent.ok())
        s.call().half_close();
    on_started();
    if (!sent.ok())
        s.abort(std::move(sent));
}

void pending_call::limit_timeout(std::chrono::steady_clock::duration timeout) {
    auto const now = std::chrono::steady_clock::now();
    time_point const latest = timeout < time_point::max() - now ? now + timeout : time_point::max();
    deadline_ = std::min(deadline_.value_or(latest), latest);
}

void pending_call::limit_messages(std::optional<std::size_t> largest_request,
                                  std::optional<std::size_t> largest_response) {
    auto const lower = [](std::size_t& limit, std::optional<std::size_t> to) {
        limit = std::min(limit, to.value_or(limit));
    };
    lower(limits_.max_send_message_size, largest_request);
    lower(limits_.max_receive_message_size, largest_response);
}

void pending_call::set_previous_attempts(std::uint32_t n) {
    options_.metadata.set("grpc-previous-rpc-attempts", std::to_string(n));
}

void pending_call::fail(status why) {
    if (started_ || std::exchange(failed_, true))
        return;
    if (auto* const delegate = std::exchange(delegate_, nullptr))
        delegate->on_failed();
    if (options_.info != nullptr)
        options_.info->attempts = attempts_;
    on_failed(std::move(why));
}

void pending_call::settle(result<buffer> outcome, response_info info) {
    delegate_ = nullptr;
    if (started_ || std::exchange(failed_, true))
        return;
    if (options_.info != nullptr)
        *options_.info = std::move(info);
    on_settled(std::move(outcome));
}

void pending_call::on_expired() {
    fail(status(status_code::deadline_exceeded, "the deadline passed while waiting for a connection"));
}

} // namespace joust::rpc
