//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/answer_origin.hpp"

#include "joust/core/connection_error.hpp"

namespace joust::game {

std::string_view to_string(answer_source source) noexcept {
    switch (source) {
    case answer_source::server: return "server";
    case answer_source::interceptor: return "interceptor";
    case answer_source::last_good: return "last_good";
    case answer_source::value: return "value";
    case answer_source::function: return "function";
    }
    return "?";
}

std::string_view to_string(degradation why) noexcept {
    switch (why) {
    case degradation::none: return "none";
    case degradation::circuit_open: return "circuit_open";
    case degradation::no_connection: return "no_connection";
    case degradation::deadline: return "deadline";
    }
    return "?";
}

degradation degradation_of(status const& outcome) noexcept {
    if (outcome.code() == status_code::deadline_exceeded)
        return degradation::deadline;
    if (outcome.origin() == status_origin::peer)
        return degradation::none;
    if (outcome.cause() == connection_error::circuit_open)
        return degradation::circuit_open;
    if (outcome.code() == status_code::unavailable || outcome.cause() == connection_error::queue_full)
        return degradation::no_connection;
    return degradation::none;
}

} // namespace joust::game
