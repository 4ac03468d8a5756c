//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/codec.hpp"

#include <google/protobuf/message_lite.h>

#include <concepts>
#include <limits>

namespace joust {

/// Every protobuf message is a message.
template <std::derived_from<google::protobuf::MessageLite> T>
struct codec<T> {
    static status encode(T const& m, buffer& out) {
        std::size_t const size = m.ByteSizeLong();
        if (size > static_cast<std::size_t>(std::numeric_limits<int>::max()))
            return status(status_code::internal, m.GetTypeName() + " is larger than 2 GiB");
        m.SerializeWithCachedSizesToArray(out.grow(size));
        return {};
    }
    static status decode(std::string_view bytes, T& m) {
        if (!m.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
            return status(status_code::internal, "the message is not a " + m.GetTypeName());
        return {};
    }
};

} // namespace joust
