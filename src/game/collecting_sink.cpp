//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/collecting_sink.hpp"

#include "rpc/completion.hpp"

#include <utility>

namespace joust::game {

void collecting_sink::push(result<buffer> json, handler_type handler) {
    result<void> outcome;
    if (json.has_error()) {
        outcome = json.error();
    } else {
        array_.push_back(array_.empty() ? '[' : ',');
        array_.append(json->view());
    }
    rpc::post_completion(std::move(handler), io_, std::move(outcome));
}

buffer collecting_sink::answer(buffer returned) && {
    if (!returned.empty()) {
        array_.push_back(array_.empty() ? '[' : ',');
        array_.append(returned.view());
    }
    if (array_.empty())
        array_.push_back('[');
    array_.push_back(']');
    return std::move(array_);
}

} // namespace joust::game
