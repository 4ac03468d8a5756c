//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/config/table.hpp"

#include <algorithm>

namespace joust::game::config {

void table::read_into(node const& n, void* to) const {
    if (!n.value().is_object())
        return n.complain("must be an object");
    for (auto const& member : n.value().get_object()) {
        std::string_view const name(member.key().data(), member.key().size());
        node const its = n.member(name, member.value());
        auto const at = std::find_if(options_.begin(), options_.end(), [&](option const& o) { return o.name == name; });
        if (at != options_.end()) {
            at->read(its, to);
            continue;
        }
        std::vector<std::string_view> known;
        known.reserve(options_.size());
        for (option const& o : options_)
            known.push_back(o.name);
        its.complain(unknown_name(name, known));
    }
}

} // namespace joust::game::config
