//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_base.hpp"

#include <string_view>

namespace joust::rpc {

/// A `traceparent` of W3C Trace Context, of this version or a later one.
bool is_traceparent(std::string_view text) noexcept;

/// Gives a call what it inherits from the handler's call that it is made for, and forgets that one: the earlier
/// deadline, and the trace, `traceparent` and `tracestate`, unless the metadata of the call name one.
///
/// The trace is handed on as it came, as who records no span does (W3C Trace Context, 2.4 and 3.3); one that cannot be
/// read ends here.
void inherit(call_options& options);

} // namespace joust::rpc
