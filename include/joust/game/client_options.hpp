//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/channel.hpp"
#include "joust/core/metadata.hpp"
#include "joust/game/answer_origin.hpp"
#include "joust/game/client_interceptor.hpp"
#include "joust/game/fallback.hpp"
#include "joust/game/json/options.hpp"
#include "joust/game/payload_codec.hpp"
#include "joust/rpc/channel_base.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace joust::game {

/// What the channel of a client starts from: 10 to 20 connections, made within 5 s each and asked for their health
/// every 10 s; pings after 30 s, answered within 5 s, also without calls; three more attempts of calls that are
/// idempotent; a circuit breaker for each address that opens for 30 s after 5 failures. Change fields of it, as in
///
///     joust::game::client_options options;
///     options.channel.max_connections = 1;
///
/// as a `channel_options` of your own begins with other defaults.
channel_options default_channel_options();

/// How a client calls.
struct client_options {
    /// The service of all calls, whatever they name. Empty: the one that the call names, else `default_service`.
    std::string service = {};
    /// The service of calls that name only a method. Empty: taken from the address (`logic-service:50051` is `logic`).
    std::string default_service = {};
    /// How long a call may take, sent to the server. Streams have no limit unless the call names one.
    std::chrono::steady_clock::duration timeout = std::chrono::seconds(3);
    /// How arguments are written and answers read.
    json::encode_options arguments = {};
    json::decode_options answers = {};
    /// What arguments and answers are written in; null for JSON, which every server knows. Servers that do not know of
    /// codecs take everything for JSON and refuse it as such (400 or 500): name one only to servers made with joust.
    /// Interceptors and fallbacks see JSON in any case; so beside them a codec that writes no JSON values (protobuf's)
    /// refuses calls.
    any_codec codec = {};
    /// What happens when a server does not know the codec: the call is made again in JSON, and so are all calls for
    /// this long. Zero: the call fails with 415. The requests of an open stream fail in any case, the next stream is in
    /// JSON.
    std::chrono::steady_clock::duration codec_fallback = std::chrono::minutes(1);
    /// What is done around each call, the first outermost.
    std::vector<any_client_interceptor> interceptors = {};
    /// What calls are answered with while no server can be reached in time: those of a method, by `"method"` or
    /// `"service.method"`, else those of this one. Not for streams.
    std::map<std::string, joust::game::fallback, std::less<>> fallbacks = {};
    std::optional<joust::game::fallback> fallback = {};
    /// How connections are made and kept, and calls made again.
    channel_options channel = default_channel_options();
};

/// The same with one connection, which is not probed.
client_options options_for_one_call();

/// Says which option is out of range, or nothing.
std::optional<std::string> validate(client_options const& options);

/// How one call is made.
struct call_options {
    std::optional<std::chrono::steady_clock::duration> timeout = {};
    /// Sent in the envelope, beside the arguments.
    std::vector<std::pair<std::string, std::string>> metadata = {};
    /// gRPC metadata, sent as headers.
    joust::metadata headers = {};
    /// Instead of the client's codec; null for JSON.
    std::optional<any_codec> codec = {};
    /// How requests are compressed, see `joust::call_options::encoding`.
    encoding_name encoding = {};
    /// Streams: each answer that a method pushes comes as one of its own (see `responses`).
    bool many_answers = false;
    /// Streams: the server is asked to say something at least this often, from the first request to the end; a read
    /// that hears nothing for three times as long ends the call with UNAVAILABLE. At most an hour; servers refuse less
    /// than their `services_options::min_heartbeat`, 1 s, and those that know nothing of this say nothing. None: not
    /// asked.
    std::optional<std::chrono::steady_clock::duration> heartbeat = {};
    /// The method may run twice: the call is made again when it fails for want of a server that works. Without, it is
    /// only when its request provably never ran.
    bool idempotent = false;
    /// As `joust::call_options` has them.
    std::optional<bool> wait_for_ready = {};
    std::optional<std::uint64_t> hash_key = {};
    /// The handler's context that this call is made for: its deadline counts, too, and its trace goes with this call.
    call_context const* parent = nullptr;
    /// Filled with the gRPC metadata of the answer before a unary call completes. Must live until then.
    response_info* info = nullptr;
    /// Filled, before a unary call completes, with where the answer came from. Must live until then.
    answer_origin* origin = nullptr;
};

/// No arguments.
struct no_arguments_t {};
inline constexpr no_arguments_t no_arguments{};

} // namespace joust::game
