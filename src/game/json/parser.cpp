//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/parser.hpp"

#include "game/json/diagnose.hpp"
#include "game/json/utf8.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <utility>

// The only file that knows simdjson. `document` describes the layout of its tape, which simdjson documents in tape.md.

namespace joust::json {

namespace {

constexpr std::size_t smallest_capacity = 1024;
constexpr std::size_t longest_text = 0xffff'ffff - simdjson::SIMDJSON_PADDING; // the tape's indices have 32 bits

status out_of_memory(std::size_t size) {
    return status(status_code::resource_exhausted, "no memory to parse " + std::to_string(size) + " bytes of JSON");
}

} // namespace

struct parser::storage {
    /// Makes room for a text of this size. False if there is no memory.
    bool reserve(std::size_t size, std::size_t max_depth);

    simdjson::dom::parser simd;
    std::unique_ptr<char[]> padded;
    std::size_t capacity = 0;
    std::size_t depth = 0;
    document parsed;
};

bool parser::storage::reserve(std::size_t size, std::size_t max_depth) {
    std::size_t wanted = capacity;
    if (capacity < std::max<std::size_t>(size, 1))
        wanted = std::min(std::max(std::bit_ceil(size), smallest_capacity), longest_text);
    else if (max_depth == depth)
        return true;
    std::size_t const before = std::exchange(capacity, 0); // until all goes well
    // What counts as depth here is one less than simdjson's.
    if (simd.allocate(wanted, max_depth + 1) != simdjson::SUCCESS || simd.doc.allocate(wanted) != simdjson::SUCCESS)
        return false;
    if (wanted != before)
        padded.reset(new (std::nothrow) char[wanted + simdjson::SIMDJSON_PADDING]);
    if (!padded)
        return false;
    capacity = wanted;
    depth = max_depth;
    return true;
}

parser::parser() noexcept = default;
parser::parser(parser&&) noexcept = default;
parser& parser::operator=(parser&&) noexcept = default;
parser::~parser() = default;

result<value_view> parser::parse(std::string_view text, decode_options const& options) {
    std::size_t const max_depth = std::clamp<std::size_t>(options.max_depth, 1, decode_options::deepest);
    if (text.size() > longest_text)
        return status(status_code::resource_exhausted, "a JSON text of more than 4 GiB");
    if (!storage_)
        storage_ = std::make_unique<storage>();
    if (!storage_->reserve(text.size(), max_depth))
        return out_of_memory(text.size());

    simdjson::error_code error = simdjson::EMPTY;
    // Newer versions of simdjson skip a byte order mark, older ones do not.
    if (!text.empty() && !text.starts_with("\xef\xbb\xbf")) {
        char* const padded = storage_->padded.get();
        std::memcpy(padded, text.data(), text.size());
        std::memset(padded + text.size(), ' ', simdjson::SIMDJSON_PADDING);
        error = storage_->simd.parse(padded, text.size(), false).error();
    }
    if (error == simdjson::MEMALLOC)
        return out_of_memory(text.size());
    if (error != simdjson::SUCCESS) {
        std::string why = diagnose(text, max_depth);
        if (why.empty())
            why = std::string(": ") + simdjson::error_message(error);
        return status(status_code::invalid_argument, "invalid JSON " + why);
    }
    storage_->parsed = {storage_->simd.doc.tape.get(), storage_->simd.doc.string_buf.get()};
    return value_view(storage_->parsed, storage_->parsed.tape + 1); // behind the root entry
}

void parser::shrink(std::size_t longest) noexcept {
    if (storage_ && storage_->capacity > longest)
        storage_.reset();
}

bool is_utf8(std::string_view text) noexcept {
    // Names and messages are short and ASCII: not worth a call into simdjson, which copies what is shorter than its
    // block.
    std::uint64_t high = 0;
    std::size_t i = 0;
    for (std::uint64_t bytes; i + sizeof bytes <= text.size(); i += sizeof bytes) {
        std::memcpy(&bytes, text.data() + i, sizeof bytes);
        high |= bytes;
    }
    for (; i != text.size(); ++i)
        high |= static_cast<unsigned char>(text[i]);
    return (high & 0x8080'8080'8080'8080) == 0 || simdjson::validate_utf8(text.data(), text.size());
}

} // namespace joust::json
