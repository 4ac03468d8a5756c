//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/answer_origin.hpp"
#include "joust/game/envelope.hpp"
#include "joust/rpc/channel_base.hpp"

#include <any>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::game {

class surrounded_call;

/// One call of a client, as its interceptors and fallbacks see and change it: an `async_call`, or one request of a
/// stream.
///
/// *Lifetime*: until the call is over; views until what they look at is changed. *Thread safety*: in the hooks only.
class outgoing_call {
public:
    outgoing_call(outgoing_call const&) = delete;
    outgoing_call& operator=(outgoing_call const&) = delete;
    ~outgoing_call() = default;

    std::string_view service() const noexcept { return request_.service_name; }
    std::string_view method() const noexcept { return request_.method_name; }
    /// What is called instead. For `before`, as the other changes of the request; a fallback is that of the method
    /// which was called first.
    void set_service(std::string_view name) { request_.service_name = keep(name); }
    void set_method(std::string_view name) { request_.method_name = keep(name); }

    /// The arguments in JSON, whatever codec they are sent in; empty for none.
    std::string_view arguments() const noexcept { return request_.payload; }
    void set_arguments(std::string_view payload) { request_.payload = keep(payload); }

    /// The metadata of the envelope. The headers are `options().metadata`.
    std::vector<std::pair<std::string_view, std::string_view>> const& metadata() const noexcept {
        return request_.metadata;
    }
    std::optional<std::string_view> find_metadata(std::string_view key) const noexcept {
        return request_.find_metadata(key);
    }
    void set_metadata(std::string_view key, std::string_view value);
    void erase_metadata(std::string_view key);

    /// How the gRPC call is made that carries this one: deadline, headers, `idempotent`, credentials. Those of a stream
    /// are its own, and are not looked at any more.
    joust::call_options& options() noexcept { return options_; }
    joust::call_options const& options() const noexcept { return options_; }
    /// One request of a stream.
    bool in_stream() const noexcept { return in_stream_; }
    /// When it was made.
    std::chrono::steady_clock::time_point started() const noexcept { return started_; }

    /// The answer's payload; empty for nothing, and while there is none.
    std::string_view answer() const noexcept { return answer_; }
    /// Replaces the answer. From `before` it is the answer: neither the interceptors further in nor the server are
    /// asked. In `on_error`, together with a status that is OK, it stands in for an answer.
    void set_answer(std::string_view payload);
    bool answered() const noexcept { return answered_; }
    /// Who gave it.
    answer_origin const& origin() const noexcept { return origin_; }
    /// What came with the answer of an `async_call`: metadata, the number of attempts. Null before, and in streams.
    response_info const* info() const noexcept { return info_; }

    /// Keeps a value for this call, one of each type.
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
    friend class surrounded_call;

    outgoing_call(joust::call_options options, bool in_stream)
        : options_(std::move(options)), in_stream_(in_stream), started_(std::chrono::steady_clock::now()) {}

    std::string_view keep(std::string_view text);

    request_view request_; // looks into `message_` and `kept_`
    buffer message_;
    std::deque<std::string> kept_;
    bool changed_ = false;
    joust::call_options options_;
    bool in_stream_;
    std::chrono::steady_clock::time_point started_;
    std::string_view answer_; // looks into `received_` or `replaced_`
    buffer received_;
    buffer replaced_;
    bool answered_ = false;
    bool answer_changed_ = false;
    answer_origin origin_;
    response_info const* info_ = nullptr;
    std::vector<std::any> values_;
};

} // namespace joust::game
