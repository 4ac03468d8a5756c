//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/envelope.hpp"
#include "joust/game/json/options.hpp"
#include "joust/game/method.hpp"
#include "joust/rpc/call_context.hpp"

#include <any>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::game {

class payload_codec;
class stream_link;

/// One call of a method, as interceptors of a server see and change it: a `Call`, or one request of a `StreamCall`.
///
/// *Lifetime*: until the call has been answered. *Thread safety*: on the call's executor only.
class call {
public:
    /// What all calls of a server have in common.
    struct settings {
        json::decode_options arguments;
        json::encode_options answers;
    };

    /// All arguments outlive the call. What is appended to `out` from now on is the answer.
    call(joust::call_context& context, registered_method const& m, request_view const& request, settings const& how,
         buffer& out)
        : context_(context), method_(m), request_(request), settings_(how), arguments_(request.payload), out_(out),
          begin_(out.size()), received_(std::chrono::steady_clock::now()) {}
    call(call const&) = delete;
    call& operator=(call const&) = delete;
    ~call() = default;

    /// The gRPC call that carries it; a StreamCall's carries one after the other.
    joust::call_context& context() const noexcept { return context_; }

    /// `"service.method"`
    std::string_view name() const noexcept { return method_.name; }
    std::string_view service() const noexcept { return name().substr(0, name().rfind('.')); }
    std::string_view method() const noexcept { return name().substr(name().rfind('.') + 1); }
    method_options const& options() const noexcept { return method_.options; }
    /// True when the method may push answers besides the one that it returns.
    bool pushes() const noexcept { return method_.code->pushes(); }

    /// When it arrived.
    std::chrono::steady_clock::time_point received() const noexcept { return received_; }

    /// The arguments: a JSON object, or what `codec` makes of one; empty for none.
    std::string_view arguments() const noexcept { return arguments_; }
    /// Replaces them.
    void set_arguments(buffer payload) {
        replaced_ = std::move(payload);
        arguments_ = replaced_.view();
    }
    /// How arguments and answer are written; null for JSON.
    payload_codec const* codec() const noexcept { return codec_; }
    void set_codec(payload_codec const* codec) noexcept { codec_ = codec; }
    json::decode_options const& decoding() const noexcept { return settings_.arguments; }
    json::encode_options const& encoding() const noexcept { return settings_.answers; }

    /// The envelope's metadata of this key, or nothing. Those of the gRPC call are `context().request_metadata()`.
    std::optional<std::string_view> find_metadata(std::string_view key) const noexcept {
        return request_.find_metadata(key);
    }

    /// The answer's payload so far: empty for nothing. Before the method has returned it is what `set_answer` said.
    std::string_view answer() const noexcept { return out_.view().substr(begin_); }
    /// Replaces the answer. `payload` does not lie in the old one. From an interceptor's `before` it is the answer: the
    /// method and the interceptors further in are not asked. In `on_error`, together with a status that is OK, it
    /// stands in for an answer.
    void set_answer(std::string_view payload) {
        out_.truncate(begin_);
        out_.append(payload);
        answered_ = true;
    }
    bool answered() const noexcept { return answered_; }
    /// Whether the method has been asked, and not only interceptors.
    bool asked() const noexcept { return asked_; }
    void set_asked() noexcept { asked_ = true; }
    /// Where the method appends its answer to.
    buffer& out() noexcept { return out_; }
    /// Forgets what was appended.
    void drop_answer() noexcept {
        out_.truncate(begin_);
        answered_ = false;
    }

    /// The stream that the method serves as a whole (`server_stream`), of which this call is the first request; null
    /// for all other calls.
    stream_link* stream() const noexcept { return stream_; }
    void set_stream(stream_link* link) noexcept { stream_ = link; }

    /// Who calls, as whoever authenticated the call has said; empty if nobody did. A cache keeps the answers of
    /// different identities apart.
    std::string_view identity() const noexcept { return identity_; }
    void set_identity(std::string who) { identity_ = std::move(who); }

    /// How long the method may take from when it is called on: what its options say, unless an interceptor says
    /// otherwise; `duration::max()` for as long as it likes.
    std::chrono::steady_clock::duration timeout() const noexcept { return timeout_.value_or(time_limit(method_)); }
    void set_timeout(std::chrono::steady_clock::duration timeout) noexcept { timeout_ = timeout; }

    /// The same status, its message with the method's name in front: for what the library has to say about a call.
    status named(status s) const;

    /// Keeps a value for this call, one of each type. Those of `context()` are for all requests of a stream.
    template <class T>
    void set_value(T value) {
        if (T* const old = find_value<T>())
            *old = std::move(value);
        else
            values_.emplace_back(std::move(value));
    }
    /// The value of this type that was set, or null. Valid until another value is set.
    template <class T>
    T* find_value() noexcept {
        for (std::any& each : values_)
            if (T* const found = std::any_cast<T>(&each))
                return found;
        return nullptr;
    }

private:
    joust::call_context& context_;
    registered_method const& method_;
    request_view const& request_;
    settings const& settings_;
    std::string_view arguments_;
    buffer replaced_;
    payload_codec const* codec_ = nullptr;
    stream_link* stream_ = nullptr;
    buffer& out_;
    std::size_t begin_;
    bool answered_ = false;
    bool asked_ = false;
    std::chrono::steady_clock::time_point received_;
    std::optional<std::chrono::steady_clock::duration> timeout_;
    std::string identity_;
    std::vector<std::any> values_;
};

} // namespace joust::game
