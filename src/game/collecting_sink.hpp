//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/responses.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace joust::game {

/// Gathers pushed answers for a client that gets one: as a JSON array.
class collecting_sink final : public answer_sink {
public:
    explicit collecting_sink(boost::asio::any_io_executor io) : io_(std::move(io)) {}

    void push(result<buffer> json, handler_type handler) override;

    /// The answer of the call: the array, with what the method returned at its end unless that is nothing.
    buffer answer(buffer returned) &&;

private:
    boost::asio::any_io_executor io_;
    buffer array_; // without the closing bracket; empty while nothing was pushed
};

} // namespace joust::game
