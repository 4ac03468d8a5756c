//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/header_field.hpp"
#include "joust/core/metadata.hpp"
#include "joust/core/status.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace joust::wire {

/// A header block that is being written: fields, and the text of those that are not literals.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class header_list {
public:
    header_list() noexcept = default;
    header_list(header_list&&) noexcept = default;
    header_list& operator=(header_list&&) noexcept = default;
    ~header_list() = default;

    /// Both texts must be literals.
    void add_static(std::string_view name, std::string_view value) { fields_.push_back({name, value, true}); }

    /// The name must be a literal, the value is copied.
    void add(std::string_view name, std::string_view value);
    /// The same for a value that does not come again: see `header_field::never_indexed`.
    void add_unique(std::string_view name, std::string_view value);

    /// Copies every pair; `-bin` values are base64-encoded. The pairs are not checked: see `validate`.
    void add_metadata(metadata const& m);

    /// `grpc-status` (UNKNOWN for a number outside the set), and `grpc-message` (percent-encoded) and
    /// `grpc-status-details-bin` when they are not empty.
    void add_status(status const& s);

    /// The fields in the order they were added, until the list changes.
    std::span<header_field const> fields() const noexcept { return fields_; }

    /// Forgets the fields, keeps the storage.
    void clear() noexcept {
        fields_.clear();
        text_.clear();
    }

private:
    // Where the next `n` bytes of text go.
    char* grow_text(std::size_t n);
    // Larger storage for the text; the fields that point into it follow.
    void move_text(std::size_t capacity);

    std::vector<header_field> fields_;
    buffer text_;
};

} // namespace joust::wire
