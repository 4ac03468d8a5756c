//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/client.hpp"

#include "game/call_handler.hpp"
#include "game/codec_attempts.hpp"
#include "game/codec_channel.hpp"
#include "game/heartbeat_channel.hpp"
#include "game/heartbeats.hpp"
#include "game/response.hpp"
#include "game/statistics.hpp"
#include "game/stream_exchange.hpp"
#include "game/surrounded_call.hpp"
#include "game/surrounded_stream.hpp"
#include "game/surroundings.hpp"
#include "joust/game/code.hpp"
#include "joust/game/name.hpp"
#include "joust/rpc/framing.hpp"
#include "rpc/completion.hpp"

#include <stdexcept>

namespace joust::game {

struct client::settings {
    settings(std::string_view to, client_options o)
        : address(to), options(std::move(o)), memory(std::make_shared<detail::codec_memory>(options.codec_fallback)) {}

    result<method_name> resolve(std::string_view call) const {
        return resolve_name(call, address, options.service, options.default_service);
    }

    std::string address;
    client_options options;
    std::shared_ptr<detail::codec_memory> memory;
    std::shared_ptr<core::call_counters> counters = std::make_shared<core::call_counters>();
    std::shared_ptr<surroundings const> around = surroundings::of(options);
};

namespace {

client_options checked(client_options options) {
    if (auto complaint = validate(options))
        throw std::invalid_argument("client_options: " + *complaint);
    return options;
}

result<buffer> frame_request(method_name to, std::string_view payload,
                             std::vector<std::pair<std::string, std::string>> const& metadata, bool many_answers,
                             payload_codec const* codec) {
    request_view request;
    request.service_name = to.service;
    request.method_name = to.method;
    request.payload = payload;
    for (auto const& [key, value] : metadata)
        request.metadata.emplace_back(key, value);
    if (many_answers)
        request.metadata.emplace_back(many_answers_key, many_answers_value);
    if (codec != nullptr)
        request.metadata.emplace_back(codec_key, codec->name());
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
    if (options.codec != nullptr)
        if (auto complaint = validate(std::vector<any_codec>{options.codec}))
            return "codec: " + *complaint;
    if (options.codec_fallback < std::chrono::steady_clock::duration::zero())
        return "codec_fallback must not be negative";
    for (auto const& each : options.interceptors)
        if (std::visit([](auto const& p) { return p == nullptr; }, each))
            return "interceptors must not have null among them";
    if (options.fallback)
        if (auto complaint = options.fallback->validate())
            return "fallback " + *complaint;
    for (auto const& [name, each] : options.fallbacks)
        if (auto complaint = each.validate())
            return "fallbacks[\"" + name + "\"] " + *complaint;
    if (auto complaint = validate(options.channel))
        return "channel." + *complaint;
    return std::nullopt;
}

status detail::unreadable(status why) {
    bool const is_out_of_memory = why.code() == status_code::resource_exhausted;
    status_code const code = is_out_of_memory ? why.code() : status_code::internal;
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
    : channel_(std::move(channel)), settings_(std::make_shared<settings const>(address, checked(std::move(options)))) {}

client::client(boost::asio::any_io_executor executor, std::string_view address)
    : client(std::move(executor), address, client_options()) {}

client::client(any_channel channel, std::string_view address) : client(std::move(channel), address, client_options()) {}

json::encode_options const& client::encoding() const noexcept {
    return settings_->options.arguments;
}

json::decode_options const& client::decoding() const noexcept {
    return settings_->options.answers;
}

detail::call_count client::count(result<buffer> const& framed) const {
    return {settings_->counters, framed.has_value() ? framed->size() : 0};
}

std::vector<detail::call_count> client::count(std::vector<result<buffer>> const& framed) const {
    std::vector<detail::call_count> all;
    all.reserve(framed.size());
    for (auto const& each : framed)
        all.push_back(count(each));
    return all;
}

std::shared_ptr<detail::stream_count> client::count_stream() const {
    return std::make_shared<detail::stream_count>(settings_->counters);
}

client_statistics client::statistics() const {
    core::call_totals const totals = settings_->counters->read(std::chrono::steady_clock::now());
    client_statistics s;
    s.total = to_statistics(totals);
    auto const late = totals.failures.find(to_application_code(status_code::deadline_exceeded));
    s.timeouts = late == totals.failures.end() ? 0 : late->second;
    s.channel = channel_.statistics();
    s.retries = s.channel.retries + s.channel.hedges;
    s.breaker_rejections = s.channel.breaker_rejections;
    return s;
}

any_codec client::codec_on_wire(call_options const& options) const {
    any_codec const& wanted = options.codec ? *options.codec : settings_->options.codec;
    if (wanted == nullptr || settings_->memory->prefers_json(detail::codec_memory::clock::now()))
        return nullptr;
    return wanted;
}

any_codec client::codec_for(call_options const& options) const {
    return settings_->around != nullptr ? nullptr : codec_on_wire(options);
}

std::shared_ptr<channel_base> client::channel_for_surrounded(call_options const& options) const {
    if (any_codec codec = codec_on_wire(options))
        return with_codec(channel_.base(), std::move(codec), settings_->memory);
    return channel_.base();
}

result<buffer> client::frame(std::string_view name, std::string_view payload, call_options const& options,
                             payload_codec const* codec) const {
    auto const to = settings_->resolve(name);
    if (to.has_error())
        return to.error();
    if (!options.heartbeat)
        return frame_request(*to, payload, options.metadata, options.many_answers, codec);
    if (status bad = check(options); !bad.ok())
        return bad;
    return frame_request(*to, payload, envelope_metadata(options), options.many_answers, codec);
}

result<stream::target> client::stream_target(std::string_view name, call_options const& options) const {
    auto const to = settings_->resolve(name);
    if (to.has_error())
        return to.error();
    if (status bad = check(options); !bad.ok())
        return bad;
    stream::target target{std::string(to->service), std::string(to->method), envelope_metadata(options),
                          options.many_answers};
    target.codec = codec_for(options);
    if (target.codec != nullptr)
        target.memory = settings_->memory;
    return target;
}

void client::start_unary(result<buffer> framed, std::shared_ptr<detail::call_codec> codec, call_options options,
                         channel_base::unary_handler_type handler) const {
    answer_origin* const origin = options.origin;
    if (origin != nullptr)
        *origin = answer_origin();
    auto const& around = settings_->around;
    std::shared_ptr<channel_base> const via = around ? channel_for_surrounded(options) : channel_.base();
    joust::call_options how = to_rpc(std::move(options), settings_->options.timeout);
    if (around)
        return start_surrounded(around, via, std::move(framed), std::move(how), origin, std::move(handler));
    if (codec != nullptr && settings_->memory->falls_back() && framed.has_value())
        return call_with_codec(via, std::move(*framed), std::move(how), {std::move(codec), settings_->memory},
                               std::move(handler));
    via->start_unary(call_path, std::move(framed), std::move(how), std::move(handler));
}

void client::start_stream(call_options options, channel_base::open_handler_type handler) const {
    auto const via = for_streams(options);
    via->start_stream(stream_call_path, to_rpc(std::move(options), std::nullopt), std::move(handler));
}

std::shared_ptr<channel_base> client::for_streams(call_options const& options) const {
    auto const& around = settings_->around;
    std::shared_ptr<channel_base> via = around ? channel_for_surrounded(options) : channel_.base();
    if (options.heartbeat)
        via = with_heartbeats(via, *options.heartbeat);
    return around && !around->interceptors().empty() ? with_surrounded_streams(via, around) : via;
}

void client::start_stream_failed(status why, channel_base::open_handler_type handler) const {
    rpc::post_completion(std::move(handler), channel_.get_executor(),
                         result<std::shared_ptr<client_messages>>(std::move(why)));
}

void client::exchange(std::vector<result<buffer>> requests, std::shared_ptr<detail::call_codec> codec,
                      call_options options, exchange_handler handler) const {
    for (auto const& r : requests)
        if (r.has_error())
            return rpc::post_completion(std::move(handler), channel_.get_executor(),
                                        result<std::vector<buffer>>(r.error()));
    std::vector<buffer> framed;
    framed.reserve(requests.size());
    for (auto& r : requests)
        framed.push_back(std::move(*r));
    auto const via = for_streams(options);
    joust::call_options how = to_rpc(std::move(options), std::nullopt);
    if (codec != nullptr && settings_->memory->falls_back())
        return exchange_with_codec(via, std::move(framed), std::move(how), {std::move(codec), settings_->memory},
                                   std::move(handler));
    run_stream_exchange(*via, std::move(framed), std::move(how), std::move(handler));
}

result<stream> client::wrap_stream::operator()(result<std::shared_ptr<client_messages>> r) {
    if (r.has_error())
        return r.error();
    return stream(std::move(*r), std::move(to), encoding, decoding, std::move(count));
}

stream::stream(std::shared_ptr<client_messages> messages, target to, json::encode_options encoding,
               json::decode_options decoding, std::shared_ptr<detail::stream_count> count)
    : messages_(std::move(messages)), target_(std::move(to)), encoding_(encoding), decoding_(decoding),
      count_(std::move(count)) {}

stream& stream::operator=(stream&& other) noexcept {
    std::swap(messages_, other.messages_);
    std::swap(target_, other.target_);
    std::swap(encoding_, other.encoding_);
    std::swap(decoding_, other.decoding_);
    std::swap(count_, other.count_);
    return *this;
}

stream::~stream() {
    if (messages_)
        messages_->cancel();
}

result<buffer> stream::frame(std::string_view payload) const {
    return frame_request({target_.service, target_.method}, payload, target_.metadata, target_.many_answers,
                         target_.codec.get());
}

} // namespace joust::game
