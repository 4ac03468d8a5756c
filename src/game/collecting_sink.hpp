//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/call.hpp"
#include "joust/game/responses.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <vector>

namespace joust::game {

/// Gathers pushed answers for a client that gets one: as an array.
class collecting_sink final : public answer_sink {
public:
    /// `codec` is null for JSON.
    collecting_sink(boost::asio::any_io_executor io, payload_codec const* codec) : io_(std::move(io)), codec_(codec) {}

    void push(result<buffer> payload, handler_type handler) override;

    /// Makes the answer of the call of what the method returned: the array, with that at its end unless it is nothing.
    status answer(call const& c, buffer& returned) &&;

private:
    void add(buffer payload);

    boost::asio::any_io_executor io_;
    payload_codec const* codec_;
    buffer array_;              // of JSON, without the closing bracket; empty while nothing was pushed
    std::vector<buffer> items_; // of any other codec
};

} // namespace joust::game
