//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "joust/game/json/schema_builder.hpp"
#include "joust/game/responses.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace joust::core {
class call_counters;
}

namespace joust::game {

class call;
class chain;

/// How a method is served.
struct method_options {
    /// How long a coroutine method may take: 3 s unless set, and no limit for one that serves a whole stream. Then it
    /// is cancelled, and once it has ended the client gets code 504. A plain method cannot be stopped.
    std::optional<std::chrono::steady_clock::duration> timeout = {};
    /// For people.
    std::string description = {};
    /// The method may run twice for one call: clients may make it again. For them; it changes nothing here.
    bool idempotent = false;
    /// How often clients should try at most; 0 says nothing. For them, too.
    unsigned max_attempts = 0;
    /// Can be called, but is not shown to those who ask what there is.
    bool hidden = false;
    /// Larger arguments are refused with code 400, larger answers with 500; 0 leaves it to the server's own limits.
    std::size_t max_arguments_size = 0;
    std::size_t max_answer_size = 0;
};

/// Says which option is out of range, or nothing.
std::optional<std::string> validate(method_options const& options);

/// What a method takes and gives, for its schemas; one that serves a whole stream takes and pushes what it reads and
/// writes. Null: nothing.
struct method_types {
    json::schema_builder::function arguments = nullptr;
    json::schema_builder::function result = nullptr;
    json::schema_builder::function pushed = nullptr;
};

/// A method with its types erased: the payloads of arguments and answer are those of a `call`.
///
/// *Thread safety*: called concurrently for calls on different connections.
class method {
public:
    virtual ~method() = default;

    /// True when `start` serves it, false when `invoke` does.
    virtual bool is_coroutine() const noexcept = 0;
    /// True when it may push answers, besides the one that it returns, or write them to its stream.
    virtual bool pushes() const noexcept = 0;
    virtual method_types types() const noexcept = 0;
    /// True when it serves a whole stream (`server_stream`): `start` is called with `c.stream()`, from which it reads
    /// and to which it writes.
    virtual bool serves_stream() const noexcept { return false; }

    /// Answers at once: appends what the method returned to `c.out()`, nothing when it returned nothing.
    virtual status invoke(call& c) = 0;

    /// Answers later. All arguments live until the coroutine is done.
    virtual boost::asio::awaitable<status> start(call& c, answer_sink& pushed) = 0;
};

/// A method under its name. It does not change; another one takes its place.
struct registered_method {
    std::string name; ///< `"service.method"`
    method_options options;
    std::shared_ptr<game::method> code;
    std::shared_ptr<chain const> around;           ///< its interceptors, with those of service and server
    std::shared_ptr<core::call_counters> counters; ///< of its calls, since it was added
};

/// How long the method may take; `duration::max()` for as long as it likes.
std::chrono::steady_clock::duration time_limit(registered_method const& m) noexcept;

} // namespace joust::game
