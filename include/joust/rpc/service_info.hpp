//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <string_view>

namespace joust {

/// A service as its descriptor knows it. The texts must outlive the value and what it is given to; generated ones are
/// literals.
struct service_info {
    std::string_view name;      ///< `package.Service`
    std::string_view file = {}; ///< the .proto that defines it, as protoc was told; empty when nobody said
    /// That file as a serialized `google.protobuf.FileDescriptorProto`, for services without protobuf's C++.
    std::string_view descriptor = {};
};

} // namespace joust
