//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/middleware/log.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace joust::game {

/// What a log says of a call.
struct log_record {
    std::chrono::system_clock::time_point time;
    std::string_view level;
    std::string_view call_id;
    std::string_view method;
    std::string_view peer;
    std::string_view identity; ///< empty: left out
    int code = 0;
    std::string_view error; ///< empty: left out
    std::chrono::steady_clock::duration took{};
    std::size_t arguments_bytes = 0;
    std::size_t answer_bytes = 0;
    std::optional<std::string_view> arguments; ///< none: left out
    std::optional<std::string_view> answer;
};

/// One line of text, whatever is in the record: control characters are escaped, bytes that are no UTF-8 are `?`.
std::string to_line(log_record const& record, log_format format);

/// Says which of many to take so that a share of them is taken, evenly.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class even_sample {
public:
    explicit even_sample(double share) noexcept : share_(share) {}

    bool take() noexcept {
        due_ += share_;
        if (due_ < 1 - 1e-9) // a tenth, ten times, is a little less than 1
            return false;
        due_ -= 1;
        return true;
    }

private:
    double share_;
    double due_ = 0;
};

} // namespace joust::game
