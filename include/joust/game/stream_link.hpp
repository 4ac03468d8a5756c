//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "joust/game/responses.hpp"

#include <boost/asio/any_completion_handler.hpp>

#include <string_view>

namespace joust::game {

class call;

/// Where the arguments of the next request are put, with their type erased.
class request_slot {
public:
    /// Reads the arguments of a request to the method that `c` has called. An error is answered as the request's, and
    /// the next one is waited for.
    virtual status fill(std::string_view payload, call const& c) = 0;
    /// Takes a request that is no good instead of arguments; false if nobody wants such.
    virtual bool fill_error(status const& why) = 0;

protected:
    ~request_slot() = default;
};

/// A whole stream as the method that serves it sees it, with its types erased: what it pushes are its answers.
/// One read, one push and one error may be under way at a time.
class stream_link : public answer_sink {
public:
    using read_handler = boost::asio::any_completion_handler<void(result<bool>)>;

    /// Puts the next request into the slot, and completes with true; with false when the client sends no more.
    virtual void read(request_slot& into, read_handler handler) = 0;
    /// Answers with an error, which does not end the stream.
    virtual void push_error(status why, handler_type handler) = 0;
    /// The slot is about to go.
    virtual void release() noexcept = 0;

protected:
    ~stream_link() = default;
};

} // namespace joust::game
