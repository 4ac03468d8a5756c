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
};

/// A call that is to be made as soon as there is a connection for it.
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
    /// It failed before it was started.
    bool ended() const noexcept { return failed_; }

    std::string const& path() const noexcept { return path_; }
    /// The call's own credentials, or null.
    std::shared_ptr<call_credentials> const& credentials() const noexcept { return options_.credentials; }
    /// Before `start`.
    void add_metadata(metadata const& more);

    /// Complains about what can be seen without a server: metadata or a message that may not be sent, an encoding that
    /// is not known, a deadline that has passed.
    status check() const;

    /// Makes the call. `c.can_open()` holds.
    void start(net::client_connection& c);
    /// Ends a call that was not started.
    void fail(status why);

    /// The deadline passed before there was a connection.
    void on_expired() override;

protected:
    /// The stream is there, the headers and the only message are queued.
    virtual void on_started() = 0;
    virtual void on_failed(status why) = 0;
    virtual net::client_stream_listener& listener() = 0;

    boost::asio::any_io_executor io_; // the executor of the channel's connection
    call_options options_;
    net::client_stream_ref stream_;

private:
    void start_with_message(buffer& framed, net::client_stream& s);

    std::shared_ptr<call_defaults const> defaults_;
    std::string path_;
    std::optional<result<buffer>> only_;
    call::limits limits_;
    compressor const* encoding_ = nullptr;
    std::optional<time_point> deadline_;
    bool started_ = false;
    bool failed_ = false;
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
