//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/codec_channel.hpp"

#include "game/codec_attempts.hpp"
#include "game/forwarding_messages.hpp"
#include "joust/game/answer.hpp"
#include "joust/game/code.hpp"
#include "joust/game/envelope.hpp"
#include "joust/game/payload.hpp"
#include "joust/rpc/converting_handler.hpp"
#include "joust/rpc/framing.hpp"
#include "rpc/outgoing_message.hpp"

#include <optional>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

/// The same request, its payload in the codec, which is said.
result<buffer> pack(buffer framed, payload_codec const& codec) {
    rpc::outgoing_message const json(std::move(framed));
    request_view request;
    if (status s = decode_request(json.bytes.view(), request); !s.ok())
        return s;
    buffer bytes;
    if (!request.payload.empty()) {
        if (status s = detail::encode_payload_with(codec, request.payload, bytes); !s.ok())
            return s;
        request.payload = bytes.view();
    }
    std::erase_if(request.metadata, [](auto const& pair) { return pair.first == codec_key; });
    request.metadata.emplace_back(codec_key, codec.name());
    result<buffer> packed = make_framed([&](buffer& out) { return encode_request(out, request); });
    if (json.plain && packed.has_value())
        wire::keep_plain(*packed);
    return packed;
}

/// The same answer, its payload in JSON. What is no answer stays as it is.
result<buffer> unpack(buffer message, payload_codec const& codec) {
    response_view response;
    if (!decode_response(message.view(), response).ok() || response.code != 0 || response.payload.empty())
        return message;
    buffer json;
    if (status s = payload<raw_json>::to_json(json, response.payload, codec); !s.ok())
        return detail::unreadable(std::move(s));
    response.payload = json.view();
    buffer unpacked;
    if (status s = encode_response(unpacked, response); !s.ok())
        return s;
    return unpacked;
}

/// An answer of a stream that cannot be read: the stream goes on.
buffer failed_answer(status const& why) {
    response_view response;
    response.code = to_application_code(why.code());
    response.message = why.message();
    buffer message;
    if (!encode_response(message, response).ok())
        message.clear();
    return message;
}

class codec_messages final : public forwarding_messages {
    using message = result<std::optional<buffer>>;

public:
    codec_messages(std::shared_ptr<client_messages> inner, any_codec codec,
                   std::shared_ptr<detail::codec_memory> memory) noexcept
        : forwarding_messages(std::move(inner)), codec_(std::move(codec)), memory_(std::move(memory)) {}

    void read(read_handler handler) override {
        auto convert = [codec = codec_, memory = memory_](message m) -> message {
            if (m.has_error() || !m->has_value())
                return m;
            if (auto const opened = detail::open_envelope((*m)->view());
                opened.has_error() && is_codec_refusal(opened.error()))
                memory->refused(detail::codec_memory::clock::now());
            result<buffer> json = unpack(std::move(**m), *codec);
            return std::optional<buffer>(json.has_value() ? std::move(*json) : failed_answer(json.error()));
        };
        inner().read(joust::detail::converting_handler{std::move(handler), std::move(convert)});
    }
    void write(result<buffer> framed, void_handler handler) override {
        inner().write(framed.has_value() ? pack(std::move(*framed), *codec_) : std::move(framed), std::move(handler));
    }

private:
    any_codec codec_;
    std::shared_ptr<detail::codec_memory> memory_;
};

class codec_channel final : public channel_base {
public:
    codec_channel(std::shared_ptr<channel_base> inner, any_codec codec,
                  std::shared_ptr<detail::codec_memory> memory) noexcept
        : inner_(std::move(inner)), codec_(std::move(codec)), memory_(std::move(memory)) {}

    asio::any_io_executor get_executor() const override { return inner_->get_executor(); }

    void start_unary(std::string_view path, result<buffer> framed, joust::call_options options,
                     unary_handler_type handler) override {
        result<buffer> packed = framed.has_value() ? pack(std::move(*framed), *codec_) : std::move(framed);
        auto const used = std::make_shared<detail::call_codec>(codec_, &payload<raw_json>::to_json);
        auto convert = [used](result<buffer> r) {
            bool const fell_back = used->used == nullptr;
            return r.has_error() || fell_back ? std::move(r) : unpack(std::move(*r), *used->used);
        };
        unary_handler_type converting = joust::detail::converting_handler{std::move(handler), std::move(convert)};
        if (packed.has_value() && memory_->falls_back())
            call_with_codec(inner_, std::move(*packed), std::move(options), {used, memory_}, std::move(converting));
        else
            inner_->start_unary(path, std::move(packed), std::move(options), std::move(converting));
    }
    void start_stream(std::string_view path, joust::call_options options, open_handler_type handler) override {
        inner_->start_stream(path, std::move(options), wrapping(std::move(handler)));
    }
    void start_server_streaming(std::string_view path, result<buffer> framed, joust::call_options options,
                                open_handler_type handler) override {
        result<buffer> packed = framed.has_value() ? pack(std::move(*framed), *codec_) : std::move(framed);
        inner_->start_server_streaming(path, std::move(packed), std::move(options), wrapping(std::move(handler)));
    }

private:
    using opened = result<std::shared_ptr<client_messages>>;

    open_handler_type wrapping(open_handler_type handler) const {
        auto wrap = [codec = codec_, memory = memory_](opened r) -> opened {
            if (r.has_error())
                return r;
            return std::make_shared<codec_messages>(std::move(*r), codec, memory);
        };
        return joust::detail::converting_handler{std::move(handler), std::move(wrap)};
    }

    std::shared_ptr<channel_base> inner_;
    any_codec codec_;
    std::shared_ptr<detail::codec_memory> memory_;
};

} // namespace

std::shared_ptr<channel_base> with_codec(std::shared_ptr<channel_base> inner, any_codec codec,
                                         std::shared_ptr<detail::codec_memory> memory) {
    return std::make_shared<codec_channel>(std::move(inner), std::move(codec), std::move(memory));
}

} // namespace joust::game
