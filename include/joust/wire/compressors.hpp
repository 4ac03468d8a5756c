//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/wire/compressor.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace joust {

/// The encodings that a server or a channel knows: it reads all of them, and writes the one that a call asks for.
///
///     joust::compressors known = joust::compressors::standard();
///     known.add(std::make_shared<snappy>());
///     options.compressors = std::make_shared<joust::compressors const>(std::move(known));
///
/// *Thread safety*: distinct objects safe, shared objects unsafe; looking is safe once nothing is added.
class compressors {
public:
    /// Knows none: messages travel as they are.
    compressors() = default;

    /// gzip, deflate and, unless joust was built without it, zstd.
    static compressors standard();

    /// Adds one, in place of one with the same name.
    ///
    /// *Errors*: throws `std::invalid_argument` for a name that may not be one, `identity` among them.
    void add(std::shared_ptr<compressor const> c);

    /// The one of this name, or null.
    compressor const* find(std::string_view name) const noexcept;

    /// The names as `grpc-accept-encoding` lists them, `"identity,gzip,deflate"`; `"identity"` when there are none.
    std::string_view accepted() const noexcept { return accepted_; }
    bool empty() const noexcept { return all_.empty(); }

private:
    std::vector<std::shared_ptr<compressor const>> all_;
    std::string accepted_ = "identity";
};

} // namespace joust
