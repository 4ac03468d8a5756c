//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/log.hpp"

#include "game/middleware/log_record.hpp"
#include "game/middleware/refusal.hpp"
#include "joust/game/code.hpp"

#include <iostream>
#include <mutex>
#include <utility>

namespace joust::game {

namespace {

/// So much of a text, but no part of a character.
std::string_view beginning(std::string_view text, std::size_t size) noexcept {
    if (text.size() <= size)
        return text;
    while (size != 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        --size;
    return text.substr(0, size);
}

class call_log final : public interceptor {
public:
    explicit call_log(log_options options) : options_(std::move(options)), sample_(options_.sample) {}

    status after(call& c) override {
        write_safely(c, nullptr);
        return {};
    }
    void on_error(call& c, status& error) override { write_safely(c, &error); }

private:
    void write_safely(call& c, status const* error) noexcept {
        try {
            write(c, error);
        } catch (...) {
            // Whoever called has done nothing to deserve an error.
        }
    }

    void write(call& c, status const* error) {
        auto const took = std::chrono::steady_clock::now() - c.received();
        bool const slow = took >= options_.slow;
        if (error == nullptr && !slow && !sampled())
            return;
        std::string const id = c.context().call_id();
        log_record record;
        record.time = std::chrono::system_clock::now();
        record.level = error != nullptr ? "error" : slow ? "slow" : "info";
        record.call_id = id;
        record.method = c.name();
        record.peer = c.context().peer();
        record.identity = c.identity();
        record.took = took;
        record.arguments_bytes = c.arguments().size();
        if (error != nullptr) {
            record.code = to_application_code(*error);
            record.error = error->message();
        } else {
            record.answer_bytes = c.answer().size();
        }
        if (options_.payloads) {
            record.arguments = beginning(c.arguments(), options_.max_payload);
            if (error == nullptr)
                record.answer = beginning(c.answer(), options_.max_payload);
        }
        put(to_line(record, options_.format));
    }

    bool sampled() {
        std::lock_guard const lock(mutex_);
        return sample_.take();
    }

    void put(std::string line) {
        if (options_.sink) {
            options_.sink(line);
            return;
        }
        line.push_back('\n');
        std::lock_guard const lock(mutex_);
        std::clog << line << std::flush;
    }

    log_options const options_;
    std::mutex mutex_;
    even_sample sample_;
};

} // namespace

std::optional<std::string> validate(log_options const& options) {
    if (options.slow <= std::chrono::steady_clock::duration::zero())
        return "slow must be positive";
    if (!(options.sample >= 0 && options.sample <= 1))
        return "sample must be from 0 to 1";
    return std::nullopt;
}

std::shared_ptr<interceptor> log(log_options options) {
    refuse_options("log", validate(options));
    return std::make_shared<call_log>(std::move(options));
}

} // namespace joust::game
