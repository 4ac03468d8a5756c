//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/config.hpp"
#include "joust/core/status_code.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <utility>

namespace joust {

using boost::system::error_code;

/// Who made a status.
enum class status_origin : std::uint8_t {
    local,   ///< this process: a limit, a deadline, a cancellation, a codec
    peer,    ///< the other side sent it
    network, ///< the connection failed or could not be made
};

/// The outcome of a call: a code, a message for people, and optional details for programs.
///
/// A default-constructed status is OK. The details are an opaque string, on the wire `grpc-status-details-bin`,
/// by convention a serialised `google.rpc.Status`.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class status {
public:
    status() noexcept = default;

    explicit status(status_code code, std::string message = {}, status_origin origin = status_origin::local)
        : code_(code), origin_(origin), message_(std::move(message)) {}

    /// A status whose cause lies below the call layer; the message is kept as it is.
    status(status_code code, std::string message, status_origin origin, error_code cause)
        : code_(code), origin_(origin), cause_(cause), message_(std::move(message)) {}

    bool ok() const noexcept { return code_ == status_code::ok; }
    status_code code() const noexcept { return code_; }
    status_origin origin() const noexcept { return origin_; }
    std::string const& message() const noexcept { return message_; }
    std::string const& details() const noexcept { return details_; }

    /// What failed below the call layer, when something did.
    error_code const& cause() const noexcept { return cause_; }

    /// The number that a GameService peer answered with (404, 504 ...), 0 when there was none.
    int application_code() const noexcept { return application_code_; }

    void set_message(std::string message) { message_ = std::move(message); }
    void set_details(std::string details) { details_ = std::move(details); }
    void set_origin(status_origin origin) noexcept { origin_ = origin; }
    void set_application_code(int code) noexcept { application_code_ = code; }

    /// `"NOT_FOUND: no such player"`, with the cause in brackets when there is one.
    std::string to_string() const;

    friend bool operator==(status const& a, status const& b) noexcept {
        return a.code_ == b.code_ && a.message_ == b.message_ && a.details_ == b.details_;
    }

private:
    status_code code_ = status_code::ok;
    status_origin origin_ = status_origin::local;
    int application_code_ = 0;
    error_code cause_;
    std::string message_;
    std::string details_;
};

std::ostream& operator<<(std::ostream& os, status const& s);

} // namespace joust
