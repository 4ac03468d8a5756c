//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/keepalive_options.hpp"
#include "joust/core/observer.hpp"
#include "joust/rpc/any_channel.hpp"

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
    /// How long resolving, connecting and the HTTP/2 handshake may take together.
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
    /// Calls that may wait for a connection or a free stream; more fail with RESOURCE_EXHAUSTED.
    std::size_t max_queued_calls = 10000;
    /// Pings while a call is under way. Off unless a time is set; it is doubled for an address whose server finds that
    /// there are too many pings.
    keepalive_options keepalive = {};
    /// `:authority` of the calls; empty: the host and port of the address.
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
    /// `address` is `host:port`, `[v6]:port`, also after `dns:///`, `ipv4:` or `ipv6:`. Nothing is done before the
    /// first call; a malformed address fails every call with INVALID_ARGUMENT.
    /// Throws `std::invalid_argument` with the words of `validate` when an option is out of range.
    channel(boost::asio::any_io_executor executor, std::string_view address, channel_options options);
    /// The same with the default options. Not a default argument: in an expression with a `co_await` GCC 12 would
    /// destroy it twice.
    channel(boost::asio::any_io_executor executor, std::string_view address);

    /// Closes the connection when the calls under way are done; new calls fail with UNAVAILABLE.
    void shut_down();
};

} // namespace joust
