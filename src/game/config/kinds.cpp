//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/config/kinds.hpp"

#include "joust/game/json/error_trace.hpp"

#include <string_view>

namespace joust::game::config {

void kind<pem_source>::read(node const& n, pem_source& to) {
    auto const name = n.text();
    if (!name)
        return;
    std::string const& folder = n.context().folder;
    to.file = folder.empty() || name->starts_with('/') ? std::string(*name) : folder + "/" + std::string(*name);
}

void kind<std::vector<std::string>>::read(node const& n, std::vector<std::string>& to) {
    if (!n.value().is_array())
        return n.complain("must be a list of texts");
    to.clear();
    std::size_t index = 0;
    for (auto const& each : n.value().get_array())
        if (auto const text = n.element(index++, each).text())
            to.emplace_back(*text);
}

void kind<status_code_set>::read(node const& n, status_code_set& to) {
    if (!n.value().is_array())
        return n.complain(R"(must be a list of codes such as "UNAVAILABLE")");
    to = {};
    std::size_t index = 0;
    for (auto const& each : n.value().get_array()) {
        node const element = n.element(index++, each);
        auto const text = element.text();
        if (!text)
            continue;
        if (auto const code = to_status_code(*text))
            to.insert(*code);
        else
            element.complain(json::quoted(*text) + R"( is no code such as "UNAVAILABLE")");
    }
}

std::string kind<status_code_set>::show(status_code_set v) {
    std::string all;
    for (int number = 0; number <= static_cast<int>(status_code::unauthenticated); ++number)
        if (auto const code = static_cast<status_code>(number); v.contains(code))
            all.append(all.empty() ? "" : ", ").append(to_string(code));
    return all;
}

} // namespace joust::game::config
