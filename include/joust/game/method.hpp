//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/json/options.hpp"
#include "joust/game/responses.hpp"
#include "joust/rpc/call_context.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace joust::game {

/// How a method is served.
struct method_options {
    /// How long a coroutine method may take. Then it is cancelled, and once it has ended the client gets code 504. A
    /// plain method cannot be stopped.
    std::chrono::steady_clock::duration timeout = std::chrono::seconds(3);
    /// For people.
    std::string description = {};
};

/// Says which option is out of range, or nothing.
std::optional<std::string> validate(method_options const& options);

/// A method with its types erased: JSON arguments in, JSON answer out.
///
/// *Thread safety*: called concurrently for calls on different connections.
class method {
public:
    virtual ~method() = default;

    /// True when `start` serves it, false when `invoke` does.
    virtual bool is_coroutine() const noexcept = 0;
    /// True when it may push answers, besides the one that it returns.
    virtual bool pushes() const noexcept = 0;

    /// Answers at once: appends what the method returned to `answer`, nothing when it returned nothing.
    virtual status invoke(call_context& context, std::string_view arguments, json::decode_options const& how,
                          buffer& answer) = 0;

    /// Answers later. All arguments live until the coroutine is done.
    virtual boost::asio::awaitable<status> start(call_context& context, std::string_view arguments,
                                                 json::decode_options const& how, answer_sink& pushed,
                                                 buffer& answer) = 0;

    std::string name; ///< `"service.method"`
    method_options options;

protected:
    /// What the library has to say about arguments or an answer, and whose they are.
    status named(status s) const;
};

} // namespace joust::game
