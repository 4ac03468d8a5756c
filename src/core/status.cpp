//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/result.hpp"

#include <boost/throw_exception.hpp>

#include <ostream>

namespace joust {

std::string status::to_string() const {
    std::string text(joust::to_string(code_));
    if (!message_.empty())
        text.append(": ").append(message_);
    if (cause_) {
        std::string const cause = cause_.message();
        if (message_.find(cause) == std::string::npos)
            text.append(" [").append(cause).append("]");
    }
    return text;
}

std::ostream& operator<<(std::ostream& os, status const& s) {
    return os << s.to_string();
}

void throw_exception_from_error(status const& s, boost::source_location const& where) {
    boost::throw_exception(rpc_error(s), where);
}

} // namespace joust
