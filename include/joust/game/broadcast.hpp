//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/payload.hpp"
#include "joust/game/responses.hpp"
#include "joust/game/server_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace joust::game {

/// How a `broadcast` treats subscribers that cannot keep up.
struct broadcast_options {
    enum class overflow {
        drop_oldest,     ///< what has waited longest is not sent to it
        drop_subscriber, ///< it gets nothing more, and its method ends with RESOURCE_EXHAUSTED
    };

    /// How many messages may wait for one subscriber, beside what its call's send queue holds. At least 1.
    std::size_t queue = 64;
    overflow when_full = overflow::drop_oldest;
};

namespace detail {

/// A message that is encoded once for each way in which somebody wants it.
///
/// *Thread safety*: safe.
class broadcast_message {
public:
    struct encoding {
        payload_codec const* codec; ///< null for JSON
        bool omit_empty;

        friend bool operator==(encoding const&, encoding const&) = default;
    };

    broadcast_message() = default;
    broadcast_message(broadcast_message const&) = delete;
    broadcast_message& operator=(broadcast_message const&) = delete;
    virtual ~broadcast_message() = default;

    result<std::shared_ptr<buffer const>> as(encoding const& how) const;

private:
    virtual status encode(buffer& out, encoding const& how) const = 0;

    mutable std::mutex lock_;
    mutable std::vector<std::pair<encoding, std::shared_ptr<buffer const>>> encoded_;
};

template <class T>
class typed_broadcast_message final : public broadcast_message {
public:
    explicit typed_broadcast_message(T const& value) : value_(value) {}

private:
    status encode(buffer& out, encoding const& how) const override {
        return payload<T>::encode(out, value_, how.codec, {.omit_empty = how.omit_empty});
    }

    T value_;
};

/// The part of a broadcast that knows no types.
class broadcast_hub final : public std::enable_shared_from_this<broadcast_hub> {
public:
    class subscriber;

    /// Throws `std::invalid_argument` for an option out of range.
    explicit broadcast_hub(broadcast_options options);
    ~broadcast_hub();

    status publish(std::shared_ptr<broadcast_message const> message);
    void close();
    boost::asio::awaitable<status> feed(answer_sink& to, broadcast_message::encoding how);

    std::size_t subscribers() const;
    std::uint64_t skipped() const;
    std::uint64_t dropped() const;

private:
    struct state;
    static boost::asio::awaitable<status> run(std::shared_ptr<subscriber> who, answer_sink& to,
                                              broadcast_message::encoding how);

    std::unique_ptr<state> state_;
};

} // namespace detail

/// Sends every message to all who subscribe: the lines of a chat room, the state of a match.
///
///     joust::game::broadcast<line> lines;
///
///     asio::awaitable<joust::status> listen(joust::game::responses<line>& out) { return lines.feed(out); }
///     void say(line const& l) { lines.publish(l); }
///
/// A message is encoded once for each codec that subscribers have, whatever their number. Each has a queue of its own,
/// so that one that does not read holds up nobody else, and what waits for it is bounded.
///
/// *Lifetime*: feeds keep what they need; to destroy it ends them as `close` does. *Thread safety*: safe.
template <class T>
class broadcast {
public:
    /// Throws `std::invalid_argument` for an option out of range.
    explicit broadcast(broadcast_options options = {}) : hub_(std::make_shared<detail::broadcast_hub>(options)) {}
    broadcast(broadcast&&) noexcept = default;
    broadcast& operator=(broadcast&&) = delete;
    ~broadcast() {
        if (hub_)
            hub_->close();
    }

    /// Never waits. *Errors*: what makes the message impossible to encode as JSON; nobody gets it then.
    status publish(T const& message) {
        return hub_->publish(std::make_shared<detail::typed_broadcast_message<T> const>(message));
    }

    /// Subscribes at once, and sends what is published from now on while it is awaited. The outcome is OK after
    /// `close`, RESOURCE_EXHAUSTED for a subscriber that is dropped, or what has ended its call. When it is cancelled,
    /// the subscription ends. A dropped subscriber hears of it when it reads again.
    ///
    /// *Lifetime*: `to` outlives what is returned.
    boost::asio::awaitable<status> feed(responses<T> const& to) {
        return hub_->feed(to.sink(), {to.codec(), to.encoding().omit_empty});
    }
    template <class In>
    boost::asio::awaitable<status> feed(server_stream<In, T> const& to) {
        return feed(to.answers());
    }

    /// Ends all feeds, when they have sent what waits; nothing more is published.
    void close() { hub_->close(); }

    std::size_t subscribers() const { return hub_->subscribers(); }
    /// How often a message was not sent to a subscriber, for want of room.
    std::uint64_t skipped() const { return hub_->skipped(); }
    /// How many subscribers were dropped.
    std::uint64_t dropped() const { return hub_->dropped(); }

private:
    std::shared_ptr<detail::broadcast_hub> hub_;
};

} // namespace joust::game
