//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/metadata.hpp"
#include "joust/core/result.hpp"
#include "joust/rpc/call_context.hpp"
#include "joust/rpc/channel_statistics.hpp"
#include "joust/wire/encoding_name.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace joust {

/// What came with a call's answer beside the message.
struct response_info {
    metadata initial_metadata;
    metadata trailing_metadata;
    bool compressed = false;    ///< the message came compressed
    std::uint32_t attempts = 0; ///< how often the call was made; 0: it never left this process
    /// The answer is not the service's but that of a `fallback`: what the call failed with.
    std::optional<status> instead_of = {};
};

class call_credentials;

/// How one call is made. Everything is optional.
struct call_options {
    /// How long the call may take, from now to its outcome; sent to the server. None: the channel's default.
    std::optional<std::chrono::steady_clock::duration> timeout = {};
    /// The same as a point in time; the earlier of both counts.
    std::optional<std::chrono::steady_clock::time_point> deadline = {};
    /// Sent with the call.
    joust::metadata metadata = {};
    /// Largest message accepted, in bytes. None: the channel's default.
    std::optional<std::size_t> max_receive_message_size = {};
    /// The handler's context that this call is made for: its deadline counts, too, and its trace (`traceparent`,
    /// `tracestate`) goes with this call unless `metadata` has one.
    call_context const* parent = nullptr;
    /// Asked for metadata of this call, besides the channel's; see there. Null: none.
    std::shared_ptr<call_credentials> credentials = {};
    /// How the messages of the request are compressed: `gzip`, or what else the channel's compressors have. A server
    /// that does not know it answers UNIMPLEMENTED. Empty: not at all.
    encoding_name encoding = {};
    /// Wait for a server while none can be reached, instead of failing at once; within the deadline. None: as the
    /// method's configuration says, else no.
    std::optional<bool> wait_for_ready = {};
    /// The method may run twice, even at the same time: the channel's retry or hedging policy applies to it. Without, a
    /// call is only repeated when the server provably did not run it, or as the service config says.
    bool idempotent = false;
    /// Calls with the same number (a player's, or the hash of a name) go to the same server, where the balancing heeds
    /// it (`ring_hash`).
    std::optional<std::uint64_t> hash_key = {};
    /// Filled before a unary call completes. Must live until then.
    response_info* info = nullptr;
};

/// The messages of a call on a client, as bytes. One read, one write and one finish may be under way at a time.
///
/// *Lifetime*: destroying it cancels the call.
/// *Thread safety*: safe; everything is done on the connection's executor.
class client_messages {
public:
    using read_handler = boost::asio::any_completion_handler<void(result<std::optional<buffer>>)>;
    using void_handler = boost::asio::any_completion_handler<void(result<void>)>;

    virtual ~client_messages() = default;
    virtual boost::asio::any_io_executor get_executor() const = 0;
    virtual void read(read_handler handler) = 0;
    /// A message that begins with its prefix (`wire::begin_message`), or an error, which is passed on.
    virtual void write(result<buffer> framed, void_handler handler) = 0;
    virtual void writes_done(void_handler handler) = 0;
    virtual void finish(void_handler handler) = 0;
    /// `finish` for calls with one message in the answer.
    virtual void finish_with_message(boost::asio::any_completion_handler<void(result<buffer>)> handler) = 0;
    virtual void read_initial_metadata(boost::asio::any_completion_handler<void(result<metadata>)> handler) = 0;
    virtual void cancel() = 0;
    /// Whether the message that was read last came compressed. Valid between two reads.
    virtual bool message_compressed() const { return false; }
    /// Valid once `finish` has completed.
    virtual metadata const& trailing_metadata() const = 0;
};

/// What makes calls: a channel with its types erased. Implementations: `joust::channel`, and what users stack on it.
///
/// *Thread safety*: safe.
class channel_base {
public:
    using unary_handler_type = boost::asio::any_completion_handler<void(result<buffer>)>;
    using open_handler_type = boost::asio::any_completion_handler<void(result<std::shared_ptr<client_messages>>)>;

    virtual ~channel_base() = default;
    virtual boost::asio::any_io_executor get_executor() const = 0;

    /// Sends one message and completes with the only one of the answer, or the call's status.
    virtual void start_unary(std::string_view path, result<buffer> framed, call_options options,
                             unary_handler_type handler) = 0;
    /// Begins a call and completes as soon as it has a stream.
    virtual void start_stream(std::string_view path, call_options options, open_handler_type handler) = 0;
    /// The same, and sends the only message of the request.
    virtual void start_server_streaming(std::string_view path, result<buffer> framed, call_options options,
                                        open_handler_type handler) = 0;
    /// What has been counted; all zero where nothing is.
    virtual channel_statistics statistics() const { return {}; }
};

} // namespace joust
