//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "joust/rpc/service_info.hpp"
#include "ops/descriptors.hpp"

#include <grpc/reflection/v1/reflection.pb.h>

#include <set>
#include <string>
#include <vector>

namespace joust::ops {

/// What one stream of reflection requests is answered. The messages of v1alpha have the same bytes.
class reflection_session {
public:
    using request = grpc::reflection::v1::ServerReflectionRequest;
    using response = grpc::reflection::v1::ServerReflectionResponse;

    /// Both outlive the session.
    reflection_session(descriptors const& known, std::vector<service_info> const& services)
        : known_(known), services_(services) {}

    /// What cannot be answered is an error in the response; the stream goes on.
    response answer(request const& q);

private:
    status fill(request const& q, response& r);
    status add_file(google::protobuf::FileDescriptor const* file, std::string const& what, response& r);
    void list_services(response& r) const;

    descriptors const& known_;
    std::vector<service_info> const& services_;
    std::set<google::protobuf::FileDescriptor const*> sent_; // bounded by the files there are
};

} // namespace joust::ops
