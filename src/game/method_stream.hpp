//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/counted_call.hpp"
#include "game/response_outbox.hpp"
#include "joust/game/call.hpp"
#include "joust/game/method.hpp"
#include "joust/game/stream_link.hpp"
#include "joust/rpc/handler.hpp"
#include "rpc/completion.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace joust::game {

/// A StreamCall while one method serves it: the requests as the method reads them, the responses as it writes them.
///
/// A request is read when the method wants one. If it is no good, its error response is in the send queue before the
/// next one is read: a client that does not read is not read from.
///
/// *Lifetime*: `close` is awaited before what it was made from goes, unless the coroutine that runs the call goes, too.
/// *Thread safety*: on the call's executor.
class method_stream final : public stream_link, public std::enable_shared_from_this<method_stream> {
public:
    using message = result<std::optional<buffer>>;

    /// The method's first request is that of `c`. `many`: answers are marked as such that are not the last.
    method_stream(server_messages& from, std::shared_ptr<response_outbox> to, registered_method const& m, call& c,
                  counted_call& counted, bool many);

    void read(request_slot& into, read_handler handler) override;
    void push(result<buffer> payload, handler_type handler) override;
    void push_error(status why, handler_type handler) override;
    void release() noexcept override;

    /// The method is done: stops reading, and waits for what it has written. What was read but not seen, if anything,
    /// is the next message of the stream. Resets the cancellation state of the coroutine that awaits it.
    boost::asio::awaitable<std::optional<message>> close();

private:
    void next();
    void on_pulled(message m);
    void on_request(message m);
    void take(std::string_view payload);
    void give(status why);
    void refuse(status const& why);
    void on_refused(result<void> sent);
    void complete(result<bool> r);
    void abandon() noexcept;

    server_messages& from_;
    std::shared_ptr<response_outbox> to_;
    registered_method const& method_;
    call& call_;
    counted_call& counted_;
    bool many_;
    bool first_ = true; // the first request was not read yet

    rpc::completion<result<bool>> reading_;
    bool const* read_cancelled_ = nullptr; // of `reading_`
    request_slot* into_ = nullptr;         // of the method, while it runs
    bool initiating_ = false;
    bool pulling_ = false;
    bool refusing_ = false;
    std::optional<buffer> current_; // the request in the slot
    bool filled_ = false;           // it was read, but not seen
    std::optional<message> kept_;   // came when nobody waited for it any more
    std::optional<message> last_;   // after which there is nothing
    boost::asio::cancellation_signal stop_pulling_;
    rpc::completion<result<void>> closing_;
};

} // namespace joust::game
