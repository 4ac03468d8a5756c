//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/keepalive_options.hpp"
#include "joust/core/observer.hpp"
#include "joust/net/credentials.hpp"
#include "joust/net/in_process.hpp"
#include "joust/rpc/any_channel.hpp"
#include "joust/rpc/call_credentials.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace joust {

class compressors;

/// How a channel connects and what its calls start from.
struct channel_options {
    /// TLS, or nothing.
    channel_credentials credentials = {};
    /// Asked for metadata of every call, before it is made; see `bearer_token`. Null: none.
    std::shared_ptr<joust::call_credentials> call_credentials = {};
    /// Send what call credentials give over connections that others can read, too. Otherwise such calls fail with
    /// UNAUTHENTICATED; TLS, Unix sockets and `in_process` are safe.
    bool call_credentials_without_tls = false;
    /// How long resolving, connecting and the handshakes of TLS and HTTP/2 may take together.
    std::chrono::steady_clock::duration connect_timeout = std::chrono::seconds(20);
    /// The pause after a failed attempt to connect: the first one, what it is multiplied by, and the longest; each is
    /// shortened or lengthened by up to `backoff_jitter` of itself.
    std::chrono::steady_clock::duration initial_backoff = std::chrono::seconds(1);
    double backoff_multiplier = 1.6;
    std::chrono::steady_clock::duration max_backoff = std::chrono::seconds(120);
    double backoff_jitter = 0.2;
    /// Timeout of calls that name none.
    std::optional<std::chrono::steady_clock::duration> default_timeout = {};
    /// Largest message accepted, in bytes.
    std::size_t max_receive_message_size = 4 * 1024 * 1024;
    /// Largest message sent, in bytes.
    std::size_t max_send_message_size = 0xffffffff;
    /// Largest header block accepted, counted as RFC 9113 6.5.2 does.
    std::uint32_t max_header_list_size = 8 * 1024;
    /// Bytes that a server may send ahead of the reading, per call.
    std::uint32_t stream_window = 1024 * 1024;
    /// A write waits while this many bytes are queued for its call.
    std::size_t send_queue = 64 * 1024;
    /// Calls that may wait for a connection or a free stream, or for call credentials; more fail with
    /// RESOURCE_EXHAUSTED.
    std::size_t max_queued_calls = 10000;
    /// Pings while a call is under way. Off unless a time is set; it is doubled for an address whose server finds that
    /// there are too many pings.
    keepalive_options keepalive = {};
    /// `:authority` of the calls; empty: `ssl_target_name_override`, or the host and port of the address, or, where
    /// that has none, `localhost`.
    std::string authority = {};
    /// Put before `joust/<version>` in the user-agent.
    std::string user_agent = {};
    /// The encodings of messages: all of these are read, and `call_options::encoding` chooses one for the request.
    /// Null: `compressors::standard()`.
    std::shared_ptr<joust::compressors const> compressors = {};
    /// Give the channel's connection a strand. Needed when several threads run the executor; without it the executor
    /// must run one thing at a time, and calls must be made on it.
    bool use_strand = true;
    /// Sees connections and calls; may be null.
    std::shared_ptr<joust::observer> observer = {};
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(channel_options const& options);

/// Calls to one address, over one connection that is made when it is needed and made again when it was lost.
///
/// A call waits for the connection within its deadline; when an attempt to connect fails, calls fail with UNAVAILABLE
/// until the next attempt may begin.
///
/// *Lifetime*: a cheap handle; calls keep what they need. When the last copy goes, no new calls can be made; those
/// under way finish.
/// *Thread safety*: safe.
class channel : public any_channel {
public:
    /// `address` is `host:port`, `[v6]:port`, also after `dns:///`, `ipv4:` or `ipv6:`; `unix:path`,
    /// `unix:///absolute/path`; `unix-abstract:name`. Nothing is done before the
    /// first call; a malformed address fails every call with INVALID_ARGUMENT.
    /// Throws `std::invalid_argument` with the words of `validate` when an option is out of range.
    channel(boost::asio::any_io_executor executor, std::string_view address, channel_options options);
    /// The same with the default options. Not a default argument: in an expression with a `co_await` GCC 12 would
    /// destroy it twice.
    channel(boost::asio::any_io_executor executor, std::string_view address);
    /// To a server of this process that listens there.
    channel(boost::asio::any_io_executor executor, in_process const& wire, channel_options options);
    channel(boost::asio::any_io_executor executor, in_process const& wire);

    /// Closes the connection when the calls under way are done; new calls fail with UNAVAILABLE.
    void shut_down();
};

} // namespace joust
