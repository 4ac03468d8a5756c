//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "wire/bounded_output.hpp"
#include "wire/compression.hpp"
#include "wire/spares.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string>

namespace joust::wire {

namespace {

// What deflateInit2 and inflateInit2 take: the largest window, and 16 for gzip's header.
constexpr int zlib_window = 15;
constexpr int gzip_window = 15 + 16;

constexpr std::size_t largest_input = std::numeric_limits<uInt>::max(); // that of a prefix, too

struct deflater {
    z_stream stream{};

    explicit deflater(int window) {
        constexpr int usual_memory = 8;
        if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, usual_memory, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    deflater(deflater const&) = delete;
    deflater& operator=(deflater const&) = delete;
    ~deflater() { deflateEnd(&stream); }
};

struct inflater {
    z_stream stream{};

    explicit inflater(int window) {
        if (inflateInit2(&stream, window) != Z_OK)
            throw std::bad_alloc();
    }
    inflater(inflater const&) = delete;
    inflater& operator=(inflater const&) = delete;
    ~inflater() { inflateEnd(&stream); }
};

void set_input(z_stream& z, std::string_view bytes) noexcept {
    // zlib's interface predates const; it only reads.
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
}

class zlib_compressor final : public compressor {
public:
    zlib_compressor(std::string_view name, int window) : name_(name), window_(window) {}

    std::string_view name() const noexcept override { return name_; }

    status compress(std::string_view message, buffer& out) const override {
        if (message.size() > largest_input)
            return status(status_code::internal, "a message of 4 GiB cannot be compressed");
        auto state = deflaters_.take();
        if (!state)
            state = std::make_unique<deflater>(window_);
        z_stream& z = state->stream;
        set_input(z, message);
        int r = Z_OK;
        while (r == Z_OK) {
            auto const n = static_cast<uInt>(std::min<std::size_t>(deflateBound(&z, z.avail_in), largest_input));
            z.next_out = out.grow(n);
            z.avail_out = n;
            r = deflate(&z, Z_FINISH);
            out.truncate(out.size() - z.avail_out);
        }
        deflateReset(&z);
        deflaters_.give_back(std::move(state));
        return r == Z_STREAM_END ? status() : status(status_code::internal, "deflate: " + std::to_string(r));
    }

    status decompress(std::string_view compressed, std::size_t limit, buffer& out) const override {
        if (compressed.size() > largest_input)
            return too_large(limit);
        auto state = inflaters_.take();
        if (!state)
            state = std::make_unique<inflater>(window_);
        set_input(state->stream, compressed);
        status s = inflate_all(state->stream, limit, out);
        inflateReset(&state->stream);
        inflaters_.give_back(std::move(state));
        return s;
    }

private:
    status inflate_all(z_stream& z, std::size_t limit, buffer& out) const {
        bounded_output sink(out, limit);
        for (;;) {
            auto const room = sink.room(std::size_t{z.avail_in} * 4);
            z.next_out = room.data();
            z.avail_out = static_cast<uInt>(room.size());
            int const r = inflate(&z, Z_NO_FLUSH);
            sink.wrote(room.size() - z.avail_out);
            if (sink.passed())
                return too_large(limit);
            switch (r) {
            case Z_STREAM_END:
                if (z.avail_in == 0)
                    return {};
                if (window_ != gzip_window)
                    return corrupt();
                inflateReset(&z); // RFC 1952, 2.2: members follow one another
                break;
            case Z_OK:
            case Z_BUF_ERROR:
                if (z.avail_in == 0 && z.avail_out != 0)
                    return cut_short();
                break;
            case Z_MEM_ERROR: throw std::bad_alloc();
            default: return corrupt();
            }
        }
    }

    std::string_view name_;
    int window_;
    mutable spares<deflater> deflaters_;
    mutable spares<inflater> inflaters_;
};

} // namespace

std::shared_ptr<compressor const> make_gzip() {
    return std::make_shared<zlib_compressor>("gzip", gzip_window);
}

std::shared_ptr<compressor const> make_deflate() {
    return std::make_shared<zlib_compressor>("deflate", zlib_window);
}

} // namespace joust::wire
