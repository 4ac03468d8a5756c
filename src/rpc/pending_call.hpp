//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "call/limits.hpp"
#include "joust/rpc/channel_base.hpp"
#include "net/client_connection.hpp"
#include "net/timer_queue.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace joust::rpc {

/// What a channel puts into every call.
struct call_defaults {
    std::string authority;
    std::string user_agent;
    bool secure = false; ///< over TLS
    call::limits limits;
    std::shared_ptr<joust::compressors const> compressors{}; // that of the connections' settings
    std::optional<std::chrono::steady_clock::duration> timeout;
    /// What was sent of a call is kept for another attempt while it is no more than this.
    std::size_t retry_buffer_size = 0;
};

class pending_call;

/// How one attempt of a call ended.
struct attempt_end {
    /// May be given a better text.
    status& outcome;
    /// The answer had begun, or the request is too large to be kept.
    bool committed;
    /// The connection was lost before it was given anything of this attempt.
    bool never_sent;
    metadata const& trailing_metadata;
    std::chrono::steady_clock::duration elapsed;
    std::chrono::steady_clock::time_point now;
};

/// Who gave a call its connection. Outlives the attempt.
class attempt_owner {
public:
    /// True: it has taken the call over, and will start or fail it. False: this is the call's outcome.
    virtual bool on_attempt_end(pending_call& call, attempt_end const& how) = 0;

protected:
    ~attempt_owner() = default;
};

/// Makes a call by others, of which one gives the outcome. Outlives that.
class call_delegate {
public:
    /// One of them has begun: to cancel what was not sent comes too late.
    virtual bool begun() const noexcept = 0;
    /// The call was failed: the others are not wanted any more.
    virtual void on_failed() = 0;

protected:
    ~call_delegate() = default;
};

/// What a channel remembers of a call from one attempt to the next.
class attempt_history {
public:
    virtual ~attempt_history() = default;
};

/// A call that is to be made as soon as there is a connection for it, and perhaps once more on another one.
///
///     waiting --start--> under way --on_attempt_end: false--> over
///        |  ^                |                                  ^
///        |  +----------------+ on_attempt_end: true             |
///        +-----------------------fail---------------------------+
///
/// *Thread safety*: on the channel's executor.
class pending_call : public net::timed, public std::enable_shared_from_this<pending_call> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// With `only`, that message is the first and the last of the request.
    pending_call(boost::asio::any_io_executor io, std::shared_ptr<call_defaults const> defaults, std::string_view path,
                 std::optional<result<buffer>> only, call_options options);
    pending_call(pending_call const&) = delete;
    pending_call& operator=(pending_call const&) = delete;
    virtual ~pending_call() = default;

    std::optional<time_point> deadline() const noexcept { return deadline_; }
    bool started() const noexcept { return started_; }
    /// It has its outcome without having been started.
    bool ended() const noexcept { return failed_; }

    std::string const& path() const noexcept { return path_; }
    /// The call's own credentials, or null.
    std::shared_ptr<call_credentials> const& credentials() const noexcept { return options_.credentials; }
    /// Before `start`.
    void add_metadata(metadata const& more);

    /// Complains about what can be seen without a server: metadata or a message that may not be sent, an encoding that
    /// is not known, a deadline that has passed.
    status check() const;

    /// Makes an attempt; `owner` may be null. `authority`, unless empty, goes before the channel's. False: the
    /// connection had no stream for it, nothing has happened.
    bool start(net::client_connection& c, attempt_owner* owner, std::string_view authority = {});
    /// Ends a call that was not started.
    void fail(status why);

    /// The execution context is being destroyed: drops the handlers of a call that is not started.
    virtual void abandon() noexcept = 0;

    /// The deadline passed before there was a connection.
    void on_expired() override;

    joust::call_options const& options() const noexcept { return options_; }
    /// Of a channel that applies a method's configuration, before the first attempt.
    void limit_timeout(std::chrono::steady_clock::duration timeout);
    void limit_messages(std::optional<std::size_t> largest_request, std::optional<std::size_t> largest_response);

    /// How long the headers of each attempt's answer may take; before the first.
    void set_attempt_timeout(std::chrono::steady_clock::duration timeout) noexcept { attempt_timeout_ = timeout; }

    /// A number of the owner's for the attempt under way.
    void set_ticket(std::uint64_t ticket) noexcept { ticket_ = ticket; }
    std::uint64_t ticket() const noexcept { return ticket_; }
    /// How often it was started.
    std::uint32_t attempts() const noexcept { return attempts_; }
    std::unique_ptr<attempt_history>& history() noexcept { return history_; }
    /// Tells the server how many attempts there were before the next one.
    void set_previous_attempts(std::uint32_t n);

    // -- several attempts at once, instead of `start`

    /// There can be several attempts of it at once: it is no stream, and its request is small enough to be kept.
    virtual bool repeatable() const noexcept { return false; }
    /// Another call with the same request, limits and deadline: an attempt of this one. `handler` is completed on the
    /// channel's executor, after `info`, which may be null, was filled. Null unless this call is
    /// `repeatable`.
    virtual std::shared_ptr<pending_call> make_attempt(response_info* /*info*/,
                                                       channel_base::unary_handler_type /*handler*/) {
        return nullptr;
    }
    /// `to` makes this call; null: it does no longer.
    void entrust(call_delegate* to) noexcept { delegate_ = to; }
    /// Gives a call of which there can be attempts and was not started its outcome.
    void settle(result<buffer> outcome, response_info info);
    /// Ends a call with CANCELLED, started or not.
    virtual void cancel() { fail(call_cancelled()); }

protected:
    /// An attempt of `whose`, which was not started.
    pending_call(pending_call const& whose, response_info* info);
    /// The request can be sent more than once.
    bool kept() const noexcept;
    static status call_cancelled() { return status(status_code::cancelled, "the call was cancelled"); }
    /// It is made by others, which have begun.
    bool delegated() const noexcept { return delegate_ != nullptr && delegate_->begun(); }

    /// The stream is there, the headers and the only message are queued. Once for each attempt.
    virtual void on_started() = 0;
    virtual void on_failed(status why) = 0;
    virtual void on_settled(result<buffer> /*outcome*/) {}
    virtual net::client_stream_listener& listener() = 0;

    /// The attempt is over: true when the owner takes the call over for another one, which may be under way already.
    /// `ended` is not the call's stream any more then.
    bool taken_over(net::client_stream& ended);
    /// The request is not kept any longer: there can be no other attempt.
    void commit() noexcept { committed_ = true; }
    bool committed() const noexcept { return committed_; }
    std::size_t retry_buffer_size() const noexcept { return defaults_->retry_buffer_size; }

    boost::asio::any_io_executor io_; // the executor of the channel's connection
    call_options options_;
    net::client_stream_ref stream_;

private:
    void start_with_message(buffer& kept, net::client_stream& s);

    std::shared_ptr<call_defaults const> defaults_;
    std::string path_;
    std::optional<result<buffer>> only_;
    call::limits limits_;
    compressor const* encoding_ = nullptr;
    std::optional<time_point> deadline_;
    std::optional<std::chrono::steady_clock::duration> attempt_timeout_;
    bool started_ = false;
    bool failed_ = false;
    bool committed_ = false;
    attempt_owner* owner_ = nullptr;
    call_delegate* delegate_ = nullptr;
    std::uint64_t ticket_ = 0;
    std::uint32_t attempts_ = 0;
    time_point attempt_started_{};
    std::unique_ptr<attempt_history> history_;
};

/// `handler` is completed on its own executor, else on `user`.
std::shared_ptr<pending_call> make_unary_call(boost::asio::any_io_executor io, boost::asio::any_io_executor const& user,
                                              std::shared_ptr<call_defaults const> defaults, std::string_view path,
                                              result<buffer> framed, call_options options,
                                              channel_base::unary_handler_type handler);

/// With `only`, that message is sent at once and is the last.
std::shared_ptr<pending_call> make_stream_call(boost::asio::any_io_executor io,
                                               boost::asio::any_io_executor const& user,
                                               std::shared_ptr<call_defaults const> defaults, std::string_view path,
                                               std::optional<result<buffer>> only, call_options options,
                                               channel_base::open_handler_type handler);

} // namespace joust::rpc
