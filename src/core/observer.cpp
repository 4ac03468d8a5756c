//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/observer.hpp"

#include <exception>
#include <mutex>
#include <ostream>
#include <string>

namespace joust {

namespace {

class failure_log final : public observer {
public:
    explicit failure_log(std::ostream& to) noexcept : to_(to) {}

    void handler_failed(std::string_view path, std::string_view call_id, std::string_view what) noexcept override {
        try {
            std::string line("joust: the handler of ");
            write(line.append(path).append(" failed (call id ").append(call_id).append("): ").append(what));
        } catch (std::exception const&) {
            // A log that cannot be written must not end a call.
        }
    }

    void credentials_reloaded(role, status const& outcome) noexcept override {
        try {
            if (!outcome.ok())
                write("joust: certificates were not reloaded: " + outcome.message());
        } catch (std::exception const&) {
            // As above.
        }
    }

private:
    void write(std::string line) {
        line += '\n';
        std::lock_guard const lock(mutex_);
        to_ << line << std::flush;
    }

    std::mutex mutex_;
    std::ostream& to_;
};

} // namespace

std::shared_ptr<observer> make_failure_log(std::ostream& to) {
    return std::make_shared<failure_log>(to);
}

} // namespace joust
