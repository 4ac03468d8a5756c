//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "call/outbound.hpp"
#include "support/sessions.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace joust::test {

/// Writes down what a call asks of its stream: `headers :status=200 ... [end]`, `data 7`, `end`, `trailers ...`,
/// `reset CANCEL`, `consume 7`.
class recording_outbound final : public call::outbound {
public:
    void send_headers(std::span<header_field const> fields, bool end_stream) override {
        log_.push_back("headers " + to_text(fields) + (end_stream ? " [end]" : ""));
    }
    void send_data(buffer& framed) override {
        log_.push_back("data " + std::to_string(framed.size()));
        sent.append(framed.view());
        framed.clear();
    }
    void send_end() override { log_.push_back("end"); }
    void send_trailers(std::span<header_field const> fields) override { log_.push_back("trailers " + to_text(fields)); }
    void reset(http2::error_code code) override { log_.push_back("reset " + std::string(http2::to_string(code))); }
    void consume(std::size_t n) override { consumed += n; }

    /// The lines so far joined, and forgets them. What was consumed is not among them, as it depends on cuts.
    std::string log() { return joined(std::exchange(log_, {})); }

    std::string sent;
    std::size_t consumed = 0;

private:
    std::vector<std::string> log_;
};

} // namespace joust::test
