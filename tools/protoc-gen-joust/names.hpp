//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace google::protobuf {
class FileDescriptor;
class ServiceDescriptor;
} // namespace google::protobuf

/// Names of protobuf as names of C++.
namespace joust::codegen {

/// `SayHello` as `say_hello`, `HTTPGet2` as `http_get2`.
std::string snake_case(std::string_view name);

/// `package.of.this` as `package::of::this_`: with an underscore after what C++ or joust keeps for itself.
std::string namespace_of(std::string_view package);

/// The namespaces of a file's services, in their order. They differ from each other and from all that protoc's own C++
/// code has in the package.
std::vector<std::string> service_names(google::protobuf::FileDescriptor const& file);

/// The names of a service's methods, in their order. They differ from each other and from the other names in `bind`.
std::vector<std::string> method_names(google::protobuf::ServiceDescriptor const& service);

} // namespace joust::codegen
