//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <string>

namespace google::protobuf {
class FileDescriptor;
} // namespace google::protobuf

namespace joust::codegen {

/// The header of a .proto, for its `<name>.joust.hpp`: method values and a `bind` for each service.
std::string generate(google::protobuf::FileDescriptor const& file);

} // namespace joust::codegen
