//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/client.hpp"

#include "game/call_handler.hpp"
#include "game/heartbeat_channel.hpp"
#include "game/heartbeats.hpp"
#include "game/response.hpp"
#include "game/stream_exchange.hpp"
#include "joust/game/code.hpp"
#include "joust/game/name.hpp"
#include "joust/rpc/framing.hpp"
#include "rpc/completion.hpp"

#include <stdexcept>

namespace joust::game {

struct client::settings {
    std::string address;
    client_options options;
};

namespace {

client_options checked(client_options options) {
    if (auto complaint = validate(options))
        throw std::invalid_argument("client_options: " + *complaint);
    return options;
}

result<buffer> frame_request(method_name to, std::string_view json,
                             std::vector<std::pair<std::string, std::string>> const& metadata, bool many_answers) {
    request_view request;
    request.service_name = to.service;
    request.method_name = to.method;
    request.payload = json;
    for (auto const& [key, value] : metadata)
        request.metadata.emplace_back(key, value);
    if (many_answers)
        request.metadata.emplace_back(many_answers_key, many_answers_value);
    return make_framed([&](buffer& out) { return encode_request(out, request); });
}

/// What goes into the envelope, with the heartbeats that the call asks for.
std::vector<std::pair<std::string, std::string>> envelope_metadata(call_options const& options) {
    auto all = options.metadata;
    if (options.heartbeat)
        all.emplace_back(heartbeat_key, heartbeat_text(*options.heartbeat));
    return all;
}

status check(call_options const& options) {
    using duration = std::chrono::steady_clock::duration;
    if (options.heartbeat && (*options.heartbeat <= duration::zero() || *options.heartbeat > longest_heartbeat))
        return status(status_code::invalid_argument, "call_options.heartbeat must be positive, and an hour at most");
    return {};
}

joust::call_options to_rpc(call_options options, std::optional<std::chrono::steady_clock::duration> timeout) {
    joust::call_options o;
    o.timeout = options.timeout ? options.timeout : timeout;
    o.metadata = std::move(options.headers);
    o.encoding = options.encoding;
    o.idempotent = options.idempotent;
    o.wait_for_ready = options.wait_for_ready;
    o.hash_key = options.hash_key;
    o.parent = options.parent;
    o.info = options.info;
    return o;
}

} // namespace

channel_options default_channel_options() {
    using namespace std::chrono_literals;
    channel_options o;
    o.connect_timeout = 5s;
    o.min_connections = 10;
    o.max_connections = 20;
    o.retry.emplace().max_attempts = 4;
    o.circuit_breaker.emplace();
    o.health_check.emplace();
    o.keepalive.time = 30s;
    o.keepalive.timeout = 5s;
    o.keepalive.permit_without_calls = true;
    return o;
}

client_options options_for_one_call() {
    client_options o;
    o.channel.min_connections = 0;
    o.channel.max_connections = 1;
    o.channel.health_check.reset();
    return o;
}

std::optional<std::string> validate(client_options const& options) {
    if (options.timeout <= std::chrono::steady_clock::duration::zero())
        return "timeout must be positive";
    if (auto complaint = validate(options.answers))
        return "answers." + *complaint;
    if (auto complaint = validate(options.channel))
        return "channel." + *complaint;
    return std::nullopt;
}

status detail::unreadable(status why) {
    status_code const code = why.code() == status_code::invalid_argument ? status_code::internal : why.code();
    return status(code, "the answer cannot be read: " + why.message());
}

result<std::string_view> detail::open_envelope(std::string_view bytes, bool* more) {
    response_view response;
    if (status s = decode_response(bytes, response); !s.ok())
        return s;
    if (more != nullptr)
        *more = response.code == 0 && response.message == more_message;
    if (response.code == 0)
        return response.payload;
    status failed(from_application_code(response.code), std::string(response.message), status_origin::peer);
    failed.set_application_code(response.code);
    return failed;
}

client::client(boost::asio::any_io_executor executor, std::string_view address, client_options options)
    : client(joust::channel(std::move(executor), address, checked(options).channel), address, options) {}

client::client(any_channel channel, std::string_view address, client_options options)
    : channel_(std::move(channel)),
      settings_(std::make_shared<settings const>(std::string(address), checked(std::move(options)))) {}

client::client(boost::asio::any_io_executor executor, std::string_view address)
    : client(std::move(executor), address, client_options()) {}

client::client(any_channel channel, std::string_view address) : client(std::move(channel), address, client_options()) {}

json::encode_options const& client::encoding() const noexcept {
    return settings_->options.arguments;
}

json::decode_options const& client::decoding() const noexcept {
    return settings_->options.answers;
}

result<buffer> client::frame(std::string_view name, std::string_view json, call_options const& options) const {
    auto const to = resolve_name(name, settings_->address, settings_->options.service);
    if (to.has_error())
        return to.error();
    if (!options.heartbeat)
        return frame_request(*to, json, options.metadata, options.many_answers);
    if (status bad = check(options); !bad.ok())
        return bad;
    return frame_request(*to, json, envelope_metadata(options), options.many_answers);
}

result<stream::target> client::stream_target(std::string_view name, call_options const& options) const {
    auto const to = resolve_name(name, settings_->address, settings_->options.service);
    if (to.has_error())
        return to.error();
    if (status bad = check(options); !bad.ok())
        return bad;
    return stream::target{std::string(to->service), std::string(to->method), envelope_metadata(options),
                          options.many_answers};
}

void client::start_unary(result<buffer> framed, call_options options, channel_base::unary_handler_type handler) const {
    channel_.base()->start_unary(call_path, std::move(framed), to_rpc(std::move(options), settings_->options.timeout),
                                 std::move(handler));
}

void client::start_stream(call_options options, channel_base::open_handler_type handler) const {
    auto const via = for_streams(options);
    via->start_stream(stream_call_path, to_rpc(std::move(options), std::nullopt), std::move(handler));
}

std::shared_ptr<channel_base> client::for_streams(call_options const& options) const {
    return options.heartbeat ? with_heartbeats(channel_.base(), *options.heartbeat) : channel_.base();
}

void client::start_stream_failed(status why, channel_base::open_handler_type handler) const {
    rpc::post_completion(std::move(handler), channel_.get_executor(),
                         result<std::shared_ptr<client_messages>>(std::move(why)));
}

void client::exchange(std::vector<result<buffer>> requests, call_options options, exchange_handler handler) const {
    for (auto const& r : requests)
        if (r.has_error())
            return rpc::post_completion(std::move(handler), channel_.get_executor(),
                                        result<std::vector<buffer>>(r.error()));
    auto const via = for_streams(options);
    run_stream_exchange(*via, std::move(requests), to_rpc(std::move(options), std::nullopt), std::move(handler));
}

result<stream> client::wrap_stream::operator()(result<std::shared_ptr<client_messages>> r) {
    if (r.has_error())
        return r.error();
    return stream(std::move(*r), std::move(to), encoding, decoding);
}

stream::stream(std::shared_ptr<client_messages> messages, target to, json::encode_options encoding,
               json::decode_options decoding)
    : messages_(std::move(messages)), target_(std::move(to)), encoding_(encoding), decoding_(decoding) {}

stream& stream::operator=(stream&& other) noexcept {
    std::swap(messages_, other.messages_);
    std::swap(target_, other.target_);
    std::swap(encoding_, other.encoding_);
    std::swap(decoding_, other.decoding_);
    return *this;
}

stream::~stream() {
    if (messages_)
        messages_->cancel();
}

result<buffer> stream::frame(std::string_view json) const {
    return frame_request({target_.service, target_.method}, json, target_.metadata, target_.many_answers);
}

} // namespace joust::game
