//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace joust::core {

/// How often which duration was seen, in nanoseconds.
///
/// Log-linear, as HdrHistogram: each power of two is cut into 16 buckets, so that a bucket is at most 1/16 of its
/// values wide, and its middle at most 1/32 off. Durations below 16 ns are exact, those above 73 minutes are counted as
/// such.
class histogram {
public:
    static constexpr unsigned sub_bits = 4;
    static constexpr unsigned most_bits = 42;
    static constexpr std::size_t buckets = (most_bits - sub_bits + 1) << sub_bits;

    static constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
        if (value < (std::uint64_t{1} << sub_bits))
            return static_cast<std::size_t>(value);
        if (value >> most_bits != 0)
            return buckets - 1;
        unsigned const shift = static_cast<unsigned>(std::bit_width(value)) - 1 - sub_bits;
        return ((shift + 1U) << sub_bits) + (static_cast<std::size_t>(value >> shift) & ((1U << sub_bits) - 1));
    }
    /// The least value of a bucket; that of the one behind the last is the first value that is too great.
    static constexpr std::uint64_t lowest_of(std::size_t bucket) noexcept {
        std::size_t const shift = bucket >> sub_bits;
        if (shift == 0)
            return bucket;
        std::uint64_t const head = (bucket & ((1U << sub_bits) - 1)) | (1U << sub_bits);
        return head << (shift - 1);
    }

    void add(std::size_t bucket, std::uint64_t times) noexcept {
        counts_[bucket] += times;
        total_ += times;
    }
    void add(histogram const& other) noexcept {
        for (std::size_t i = 0; i != buckets; ++i)
            counts_[i] += other.counts_[i];
        total_ += other.total_;
        see(other.most_);
    }
    void see(std::uint64_t most) noexcept { most_ = most > most_ ? most : most_; }

    std::uint64_t total() const noexcept { return total_; }
    std::uint64_t most() const noexcept { return most_; }

    /// What this part of all values is not above, 0 to 1: the middle of a bucket, but no more than `most`. 0 when there
    /// are no values.
    std::uint64_t quantile(double part) const noexcept;

private:
    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t total_ = 0;
    std::uint64_t most_ = 0;
};

} // namespace joust::core
