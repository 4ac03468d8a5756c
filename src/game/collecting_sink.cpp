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

void collecting_sink::push(result<buffer> payload, handler_type handler) {
    result<void> outcome;
    if (payload.has_error())
        outcome = payload.error();
    else
        add(std::move(*payload));
    rpc::post_completion(std::move(handler), io_, std::move(outcome));
}

void collecting_sink::add(buffer payload) {
    if (codec_ != nullptr)
        return items_.push_back(std::move(payload));
    array_.push_back(array_.empty() ? '[' : ',');
    array_.append(payload.view());
}

status collecting_sink::answer(call const& c, buffer& returned) && {
    if (!returned.empty())
        add(std::exchange(returned, buffer()));
    if (codec_ != nullptr) {
        status const failed = detail::join_payloads(*codec_, items_, returned);
        return failed.ok() ? status() : c.named(detail::unwritable(failed));
    }
    if (array_.empty())
        array_.push_back('[');
    array_.push_back(']');
    returned = std::move(array_);
    return {};
}

} // namespace joust::game
