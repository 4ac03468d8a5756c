//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <memory>
#include <vector>

namespace google::protobuf {
class DescriptorPool;
}

namespace joust {

class router;

/// Where `reflection_service` looks for descriptors.
struct reflection_options {
    /// Pools of the user's own, looked at after protobuf's generated one. They must outlive the servers.
    std::vector<google::protobuf::DescriptorPool const*> pools = {};
};

/// `grpc.reflection.v1` and `v1alpha`: tells clients such as grpcurl which services a server has and what their
/// messages are.
///
///     server.add(joust::reflection_service());
///
/// Names every service of the server, whenever it was added. Files are found by name, symbol or extension among all
/// that is compiled into the program, the options' pools, and what services brought along (`service_info`). A service
/// without a descriptor is listed, and its symbols are NOT_FOUND.
///
/// *Lifetime*: copies share what they know. *Thread safety*: distinct objects safe, shared objects unsafe.
class reflection_service {
public:
    /// Throws `std::invalid_argument` when a pool is null.
    explicit reflection_service(reflection_options options = {});

    /// Adds both services to a server's routes, which must not be moved afterwards: `server.add` calls it.
    void bind(router& routes) const;

private:
    std::shared_ptr<reflection_options const> options_;
};

} // namespace joust
