//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/outgoing_call.hpp"

#include <algorithm>

namespace joust::game {

std::string_view outgoing_call::keep(std::string_view text) {
    changed_ = true;
    return kept_.emplace_back(text);
}

void outgoing_call::set_metadata(std::string_view key, std::string_view value) {
    std::string_view const kept = keep(value);
    for (auto& [k, v] : request_.metadata)
        if (k == key) {
            v = kept;
            return;
        }
    std::string_view const kept_key = keep(key);
    request_.metadata.emplace_back(kept_key, kept);
}

void outgoing_call::erase_metadata(std::string_view key) {
    changed_ = std::erase_if(request_.metadata, [&](auto const& each) { return each.first == key; }) != 0 || changed_;
}

void outgoing_call::set_answer(std::string_view payload) {
    buffer whole(payload); // which may lie in the old one
    replaced_.swap(whole);
    answer_ = replaced_.view();
    answered_ = true;
    answer_changed_ = true;
}

} // namespace joust::game
