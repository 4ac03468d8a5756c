//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/transport.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace joust::bench {

/// A transport whose peer is the benchmark: no socket, no timer, nothing posted.
class memory_transport final : public net::transport {
public:
    explicit memory_transport(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// Hands `bytes` to the connection, in as many reads as its buffer asks for, and completes its writes.
    void deliver(std::string_view bytes) {
        while (!bytes.empty() && reader_) {
            std::size_t const n = std::min(bytes.size(), into_.size());
            std::memcpy(into_.data(), bytes.data(), n);
            bytes.remove_prefix(n);
            auto const whom = std::exchange(reader_, nullptr);
            whom->on_read({}, n);
            complete_writes();
        }
    }

    void complete_writes() {
        while (writer_) {
            auto const whom = std::exchange(writer_, nullptr);
            whom->on_written({}, written_);
        }
    }

    /// What the connection has written and nobody has cleared.
    std::string& sent() noexcept { return sent_; }

    boost::asio::any_io_executor get_executor() override { return executor_; }

    void read_some(std::span<std::uint8_t> into, std::shared_ptr<events> whom) override {
        into_ = into;
        reader_ = std::move(whom);
    }

    void write_some(pieces from, std::shared_ptr<events> whom) override {
        written_ = 0;
        for (auto const& piece : from) {
            sent_.append(reinterpret_cast<char const*>(piece.data()), piece.size());
            written_ += piece.size();
        }
        writer_ = std::move(whom);
    }

    void close() noexcept override {
        reader_.reset();
        writer_.reset();
    }

    std::string peer() const override { return "memory:1"; }
    std::string local() const override { return "memory:2"; }

private:
    boost::asio::any_io_executor executor_;
    std::span<std::uint8_t> into_;
    std::shared_ptr<events> reader_;
    std::shared_ptr<events> writer_;
    std::size_t written_ = 0;
    std::string sent_;
};

} // namespace joust::bench
