//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "wire/compression.hpp"
#include "wire/spares.hpp"

#include <boost/endian/conversion.hpp>

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <new>
#include <string>

namespace joust::wire {

namespace {

struct encoder {
    ZSTD_CCtx* context = ZSTD_createCCtx();

    encoder() {
        if (context == nullptr)
            throw std::bad_alloc();
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    }
    encoder(encoder const&) = delete;
    encoder& operator=(encoder const&) = delete;
    ~encoder() { ZSTD_freeCCtx(context); }
};

struct decoder {
    ZSTD_DCtx* context = ZSTD_createDCtx();

    decoder() {
        if (context == nullptr)
            throw std::bad_alloc();
    }
    decoder(decoder const&) = delete;
    decoder& operator=(decoder const&) = delete;
    ~decoder() { ZSTD_freeDCtx(context); }
};

// What an encoder may hold when it is kept: they grow with the largest message.
constexpr std::size_t largest_kept = 4 * 1024 * 1024;

/// Whether a frame of RFC 8878 begins here; the formats before it, which libzstd may read as well, are not zstd.
bool is_frame(std::string_view bytes) noexcept {
    constexpr std::uint32_t frame = 0xfd2fb528;
    constexpr std::uint32_t skippable = 0x184d2a50;
    if (bytes.size() < sizeof frame)
        return false;
    auto const magic = boost::endian::load_little_u32(reinterpret_cast<unsigned char const*>(bytes.data()));
    return magic == frame || (magic & 0xfffffff0) == skippable;
}

class zstd_compressor final : public compressor {
public:
    std::string_view name() const noexcept override { return "zstd"; }

    status compress(std::string_view message, buffer& out) const override {
        auto state = encoders_.take();
        if (!state)
            state = std::make_unique<encoder>();
        std::size_t const before = out.size();
        std::size_t const bound = ZSTD_compressBound(message.size());
        std::uint8_t* const at = out.grow(bound);
        std::size_t const n = ZSTD_compress2(state->context, at, bound, message.data(), message.size());
        if (ZSTD_isError(n) != 0) {
            out.truncate(before);
            return status(status_code::internal, "zstd: " + std::string(ZSTD_getErrorName(n)));
        }
        out.truncate(before + n);
        if (ZSTD_sizeof_CCtx(state->context) <= largest_kept)
            encoders_.give_back(std::move(state));
        return {};
    }

    status decompress(std::string_view compressed, std::size_t limit, buffer& out) const override {
        if (compressed.empty())
            return cut_short();
        auto state = decoders_.take();
        if (!state)
            state = std::make_unique<decoder>();
        status s;
        while (s.ok() && !compressed.empty()) {
            if (!is_frame(compressed)) {
                s = compressed.size() < 4 ? cut_short() : corrupt();
                break;
            }
            std::size_t const n = ZSTD_findFrameCompressedSize(compressed.data(), compressed.size());
            if (ZSTD_isError(n) != 0) {
                s = complaint(n);
                break;
            }
            s = read_frame(*state, compressed.substr(0, n), limit, out);
            compressed.remove_prefix(n);
        }
        decoders_.give_back(std::move(state));
        return s;
    }

private:
    // A frame is read in one go, straight into its place: the streaming decoder would allocate a window as large as
    // the peer likes. When the frame does not say its size and the room was too small, it is read again.
    status read_frame(decoder& d, std::string_view frame, std::size_t limit, buffer& out) const {
        std::size_t const before = out.size();
        std::size_t const most = limit - before;
        unsigned long long const said = ZSTD_getFrameContentSize(frame.data(), frame.size());
        if (said == ZSTD_CONTENTSIZE_ERROR)
            return corrupt();
        bool const known = said != ZSTD_CONTENTSIZE_UNKNOWN;
        if (known && said > most)
            return too_large(limit);
        std::size_t room = known ? static_cast<std::size_t>(said) : std::min(most, frame.size() * 4);
        for (;;) {
            out.reserve(before + std::max<std::size_t>(room, 1));
            std::uint8_t* const at = out.grow(room);
            std::size_t const n = ZSTD_decompressDCtx(d.context, at, room, frame.data(), frame.size());
            if (ZSTD_isError(n) == 0) {
                out.truncate(before + n);
                return {};
            }
            out.truncate(before);
            if (ZSTD_getErrorCode(n) != ZSTD_error_dstSize_tooSmall)
                return complaint(n);
            if (known)
                return corrupt();
            if (room == most)
                return too_large(limit);
            room = room > most / 4 ? most : room * 4;
        }
    }

    status complaint(std::size_t error) const {
        switch (ZSTD_getErrorCode(error)) {
        case ZSTD_error_srcSize_wrong: return cut_short();
        case ZSTD_error_memory_allocation: throw std::bad_alloc();
        default: return corrupt();
        }
    }

    mutable spares<encoder> encoders_;
    mutable spares<decoder> decoders_;
};

} // namespace

std::shared_ptr<compressor const> make_zstd() {
    return std::make_shared<zstd_compressor>();
}

} // namespace joust::wire
