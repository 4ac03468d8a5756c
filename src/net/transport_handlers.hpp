//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/operation_memory.hpp"
#include "net/transport.hpp"

#include <memory>
#include <utility>

namespace joust::net {

/// The handler of a read or write: where its operation lies.
class stored_handler {
public:
    using allocator_type = operation_allocator<std::byte>;

    explicit stored_handler(operation_memory& memory) noexcept : memory_(&memory) {}
    allocator_type get_allocator() const noexcept { return allocator_type(*memory_); }

private:
    operation_memory* memory_;
};

/// The handler of a read. Destroyed without having been called, it says so: handlers that wait for the connection and
/// the connection that they wait for would keep each other for ever.
class read_handler : public stored_handler {
public:
    read_handler(operation_memory& memory, std::shared_ptr<transport::events> whom) noexcept
        : stored_handler(memory), whom_(std::move(whom)) {}
    read_handler(read_handler&&) noexcept = default;
    read_handler& operator=(read_handler&&) = delete;
    ~read_handler() {
        if (whom_)
            whom_->on_abandoned();
    }

    void operator()(boost::system::error_code ec, std::size_t n) {
        auto const whom = std::move(whom_);
        whom->on_read(ec, n);
    }

private:
    std::shared_ptr<transport::events> whom_;
};

class write_handler : public stored_handler {
public:
    write_handler(operation_memory& memory, std::shared_ptr<transport::events> whom) noexcept
        : stored_handler(memory), whom_(std::move(whom)) {}

    void operator()(boost::system::error_code ec, std::size_t n) { whom_->on_written(ec, n); }

private:
    std::shared_ptr<transport::events> whom_;
};

} // namespace joust::net
