//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/service_info.hpp"

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <vector>

namespace joust::ops {

/// Descriptors of several pools: protobuf's generated one, the user's, and one of what services brought along. The
/// first that knows a name wins.
///
/// *Thread safety*: safe once constructed, as pools are.
class descriptors {
public:
    /// Descriptors of `services` that are broken or already known are passed over.
    descriptors(std::vector<google::protobuf::DescriptorPool const*> pools, std::vector<service_info> const& services);

    // Null when there is none.
    google::protobuf::FileDescriptor const* file(std::string const& name) const;
    google::protobuf::FileDescriptor const* file_of_symbol(std::string const& name) const;
    google::protobuf::FileDescriptor const* file_of_extension(std::string const& type, int number) const;

    /// The numbers of a message's extensions in all pools, ascending; nothing when there is no such message.
    std::optional<std::vector<int>> extension_numbers(std::string const& type) const;

private:
    google::protobuf::DescriptorPool brought_;
    std::vector<google::protobuf::DescriptorPool const*> pools_;
};

} // namespace joust::ops
