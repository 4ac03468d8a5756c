//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace joust::cli {

/// A JSON Schema in few words: `integer`, `array of item`, `red | green`.
std::string type_text(boost::json::value const& schema);

/// The fields of an object's schema and those of its definitions, or its type, as indented lines. None for null and for
/// an object without fields.
std::vector<std::string> schema_lines(boost::json::value const& schema, std::size_t indent);

} // namespace joust::cli
