//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/message_pack.hpp"

#include <boost/endian/conversion.hpp>

#include <bit>
#include <cstdint>
#include <string>

// The format is https://github.com/msgpack/msgpack/blob/master/spec.md. Numbers are big-endian.

namespace joust::game {

namespace {

/// First bytes.
enum tag : std::uint8_t {
    fix_map = 0x80,
    fix_array = 0x90,
    fix_str = 0xa0,
    nil = 0xc0,
    boolean_false = 0xc2,
    boolean_true = 0xc3,
    bin_8 = 0xc4,
    bin_32 = 0xc6,
    ext_8 = 0xc7,
    ext_32 = 0xc9,
    float_32 = 0xca,
    float_64 = 0xcb,
    uint_8 = 0xcc, // then of 16, 32 and 64 bits
    uint_64 = 0xcf,
    int_8 = 0xd0,
    int_64 = 0xd3,
    fix_ext_1 = 0xd4,
    fix_ext_16 = 0xd8,
    str_8 = 0xd9,
    str_32 = 0xdb,
    array_16 = 0xdc,
    array_32 = 0xdd,
    map_16 = 0xde,
    map_32 = 0xdf,
    negative_fix_int = 0xe0,
};

/// Sign-extends an integer of `size` bytes.
std::int64_t as_signed(std::uint64_t n, std::size_t size) noexcept {
    int const unused = 64 - 8 * static_cast<int>(size);
    return static_cast<std::int64_t>(n << unused) >> unused;
}

/// Reads one value. Lengths are claims until there are the bytes: nothing is allocated for them. How deep it recurs is
/// bounded by the builder, which refuses what lies too deep.
class reader {
public:
    reader(std::string_view bytes, json::tape_builder& to) noexcept : bytes_(bytes), to_(to) {}

    status read() {
        if (value() && at_ != bytes_.size()) {
            begin_ = at_;
            to_.refuse("there is something behind the value");
        }
        if (to_.error().empty())
            return {};
        return status(status_code::invalid_argument,
                      "invalid MessagePack at offset " + std::to_string(begin_) + ": " + to_.error());
    }

private:
    bool take(std::size_t size, std::string_view& out) {
        if (bytes_.size() - at_ < size)
            return to_.refuse("the data ends within a value");
        out = bytes_.substr(at_, size);
        at_ += size;
        return true;
    }

    bool number(std::size_t size, std::uint64_t& out) {
        std::string_view bytes;
        if (!take(size, bytes))
            return false;
        out = 0;
        for (char const c : bytes)
            out = out << 8 | static_cast<unsigned char>(c);
        return true;
    }

    bool value() {
        begin_ = at_;
        std::uint64_t first;
        if (at_ == bytes_.size())
            return to_.refuse("the data ends, wanted a value");
        number(1, first);
        if (first < fix_map)
            return to_.integer(static_cast<std::int64_t>(first));
        if (first >= negative_fix_int)
            return to_.integer(as_signed(first, 1));
        if (first < fix_array)
            return map(first & 0x0f);
        if (first < fix_str)
            return array(first & 0x0f);
        if (first < nil)
            return string(first & 0x1f);
        return tagged(first);
    }

    bool tagged(std::uint64_t first) {
        auto const power = [&](std::uint64_t of_the_first) { return std::size_t{1} << (first - of_the_first); };
        std::uint64_t n;
        switch (first) {
        case nil: return to_.null();
        case boolean_false: return to_.boolean(false);
        case boolean_true: return to_.boolean(true);
        case float_32: return number(4, n) && to_.real(std::bit_cast<float>(static_cast<std::uint32_t>(n)));
        case float_64: return number(8, n) && to_.real(std::bit_cast<double>(n));
        default: break;
        }
        if (first >= uint_8 && first <= uint_64)
            return number(power(uint_8), n) && to_.integer(n);
        if (first >= int_8 && first <= int_64)
            return number(power(int_8), n) && to_.integer(as_signed(n, power(int_8)));
        if (first >= str_8 && first <= str_32)
            return number(power(str_8), n) && string(n);
        if (first == array_16 || first == array_32)
            return number(first == array_16 ? 2 : 4, n) && array(n);
        if (first == map_16 || first == map_32)
            return number(first == map_16 ? 2 : 4, n) && map(n);
        if (first >= bin_8 && first <= bin_32)
            return to_.refuse("binary data, which JSON has not");
        if ((first >= ext_8 && first <= ext_32) || (first >= fix_ext_1 && first <= fix_ext_16))
            return to_.refuse("an extension, which JSON has not");
        return to_.refuse("no value begins with 0xc1");
    }

    bool string(std::uint64_t size) {
        std::string_view text;
        return take(size, text) && to_.string(text);
    }

    bool array(std::uint64_t size) {
        if (!to_.begin_array())
            return false;
        for (; size != 0; --size)
            if (!value())
                return false;
        return to_.end_array();
    }

    bool map(std::uint64_t size) {
        if (!to_.begin_object())
            return false;
        for (; size != 0; --size)
            if (!value() || !value())
                return false;
        return to_.end_object();
    }

    std::string_view bytes_;
    json::tape_builder& to_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0; ///< of the value that was looked at last
};

class packer {
public:
    explicit packer(buffer& out) noexcept : out_(out) {}

    void value(json::value_view v) {
        switch (v.kind()) {
        case json::value_kind::null: byte(nil); break;
        case json::value_kind::boolean: {
            bool b = false;
            v.get_bool(b);
            byte(b ? boolean_true : boolean_false);
            break;
        }
        case json::value_kind::integer: integer(v); break;
        case json::value_kind::real: {
            double d = 0;
            v.get_double(d);
            byte(float_64);
            number(std::bit_cast<std::uint64_t>(d), 8);
            break;
        }
        case json::value_kind::string: {
            std::string_view text;
            v.get_string(text);
            string(text);
            break;
        }
        case json::value_kind::array:
            head(count(v, v.elements()), fix_array, array_16, array_32);
            for (json::value_view const element : v.elements())
                value(element);
            break;
        case json::value_kind::object:
            head(count(v, v.members()), fix_map, map_16, map_32);
            for (auto const [key, member] : v.members()) {
                string(key);
                value(member);
            }
            break;
        }
    }

private:
    template <class Range>
    static std::size_t count(json::value_view v, Range items) {
        constexpr std::size_t most_that_are_told = 0xff'ffff;
        if (v.size_hint() != most_that_are_told)
            return v.size_hint();
        std::size_t n = 0;
        for (auto at = items.begin(); at != items.end(); ++at)
            ++n;
        return n;
    }

    void byte(std::uint64_t b) { out_.push_back(static_cast<char>(b)); }

    void number(std::uint64_t n, std::size_t size) {
        std::uint8_t big_endian[8];
        boost::endian::store_big_u64(big_endian, n);
        out_.append(big_endian + (8 - size), size);
    }

    /// Behind the tag, or the next one, or the one after that: of 8, 16, 32 and 64 bits.
    void sized(std::uint64_t n, std::uint64_t of_one_byte, std::size_t size) {
        byte(of_one_byte + static_cast<std::size_t>(std::countr_zero(size)));
        number(n, size);
    }

    void integer(json::value_view v) {
        std::int64_t i = 0;
        std::uint64_t u = 0;
        if (v.get_uint64(u)) {
            if (u < fix_map)
                byte(u);
            else
                sized(u, uint_8, u <= 0xff ? 1 : u <= 0xffff ? 2 : u <= 0xffff'ffff ? 4 : 8);
        } else if (v.get_int64(i)) {
            auto const bits = static_cast<std::uint64_t>(i);
            if (i >= -32)
                byte(bits & 0xff);
            else
                sized(bits, int_8, i >= INT8_MIN ? 1 : i >= INT16_MIN ? 2 : i >= INT32_MIN ? 4 : 8);
        }
    }

    void string(std::string_view text) {
        constexpr std::size_t longest_fix = 31;
        std::size_t const n = text.size();
        if (n <= longest_fix)
            byte(fix_str | n);
        else
            sized(n, str_8, n <= 0xff ? 1 : n <= 0xffff ? 2 : 4);
        out_.append(text);
    }

    void head(std::size_t n, std::uint64_t fix, std::uint64_t of_16, std::uint64_t of_32) {
        constexpr std::size_t longest_fix = 15;
        if (n <= longest_fix)
            return byte(fix | n);
        byte(n <= 0xffff ? of_16 : of_32);
        number(n, n <= 0xffff ? 2 : 4);
    }

    buffer& out_;
};

class message_pack_codec final : public payload_codec {
public:
    std::string_view name() const noexcept override { return "msgpack"; }
    status decode(std::string_view payload, json::tape_builder& value) const override {
        return reader(payload, value).read();
    }
    status encode(json::value_view value, buffer& out) const override {
        packer(out).value(value);
        return {};
    }
};

} // namespace

any_codec message_pack() {
    return std::make_shared<message_pack_codec const>();
}

} // namespace joust::game
