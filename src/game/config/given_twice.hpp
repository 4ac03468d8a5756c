//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/json/parse_options.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace joust::game::config {

/// A complaint for each name that comes twice in one object of a JSON text: the value that it is parsed to has the last
/// one, and nothing of the others.
///
/// Precondition: the text can be parsed.
std::vector<std::string> names_given_twice(std::string_view text, boost::json::parse_options const& how);

} // namespace joust::game::config
