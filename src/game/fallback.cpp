//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/fallback.hpp"

namespace joust::game {

fallback& fallback::last_good(last_good_options options) {
    steps_.push_back({.last_good = std::move(options), .source = answer_source::last_good});
    return *this;
}

fallback& fallback::when(std::function<bool(status const&)> condition) {
    condition_ = std::move(condition);
    return *this;
}

fallback& fallback::reserve(std::chrono::steady_clock::duration time) {
    reserve_ = time;
    return *this;
}

bool fallback::applies_to(status const& outcome) const {
    if (outcome.ok() || (outcome.code() == status_code::cancelled && outcome.origin() == status_origin::local))
        return false;
    return condition_ ? condition_(outcome) : degradation_of(outcome) != degradation::none;
}

std::optional<std::string> fallback::validate() const {
    if (wrong_)
        return wrong_;
    if (steps_.empty())
        return "has no answers: add a value, a function, or last_good";
    if (reserve_ < std::chrono::steady_clock::duration::zero())
        return "reserve must not be negative";
    for (step const& s : steps_) {
        if (!s.last_good)
            continue;
        if (s.last_good->max_entries == 0)
            return "last_good.max_entries must be at least 1";
        if (s.last_good->max_age && *s.last_good->max_age <= std::chrono::steady_clock::duration::zero())
            return "last_good.max_age must be positive";
    }
    return std::nullopt;
}

fallback& fallback::add_value(status const& encoded, buffer json) {
    if (!encoded.ok() && !wrong_)
        wrong_ = "value cannot be written: " + encoded.message();
    return add(answer_source::value, [json = std::move(json)](outgoing_call const&, buffer& out) {
        out.append(json.view());
        return status();
    });
}

fallback& fallback::add_function(plain_function f) {
    return add(answer_source::function, std::move(f));
}

fallback& fallback::add(answer_source source, plain_function f) {
    step& s = steps_.emplace_back();
    s.source = source;
    s.plain = std::move(f);
    return *this;
}

fallback& fallback::add_coroutine(coroutine_function f) {
    step& s = steps_.emplace_back();
    s.source = answer_source::function;
    s.coroutine = std::move(f);
    return *this;
}

} // namespace joust::game
