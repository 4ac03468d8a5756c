//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/tls_store.hpp"

#include "joust/net/credentials.hpp"
#include "net/tls_context.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>

namespace joust {

namespace net {

namespace {

status read_file(pem_source& source, std::string_view what) {
    if (source.file.empty())
        return {};
    // Not a stream of C++: these do not say why they cannot read.
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const in(std::fopen(source.file.c_str(), "rb"), &std::fclose);
    source.text.clear();
    std::array<char, 4096> part;
    for (std::size_t n = 1; in && n != 0;) {
        n = std::fread(part.data(), 1, part.size(), in.get());
        source.text.append(part.data(), n);
    }
    if (in && std::ferror(in.get()) == 0)
        return {};
    error_code const ec(errno, boost::system::system_category());
    return status(status_code::invalid_argument, std::string(what) + " " + source.file + ": " + ec.message(),
                  status_origin::local, ec);
}

status read_files_of(tls_identity& identity) {
    if (status s = read_file(identity.certificate, "certificate"); !s.ok())
        return s;
    return read_file(identity.key, "private key");
}

} // namespace

result<std::shared_ptr<tls_context>> make_tls_context(tls_server_options const& options) {
    return tls_context::make(options);
}

result<std::shared_ptr<tls_context>> make_tls_context(tls_client_options const& options) {
    return tls_context::make(options);
}

result<tls_server_options> read_files(tls_server_options o) {
    for (tls_identity& identity : o.identities)
        if (status s = read_files_of(identity); !s.ok())
            return s;
    if (status s = read_file(o.client_ca, "CA certificates"); !s.ok())
        return s;
    return o;
}

result<tls_client_options> read_files(tls_client_options o) {
    if (status s = read_files_of(o.identity); !s.ok())
        return s;
    if (status s = read_file(o.ca, "CA certificates"); !s.ok())
        return s;
    return o;
}

} // namespace net

namespace {

template <class Store, class Options>
result<std::shared_ptr<Store>> make_store(Options options, std::string_view name) {
    if (auto const complaint = validate(options))
        return status(status_code::invalid_argument, std::string(name).append(": ").append(*complaint));
    auto store = std::make_shared<Store>(std::move(options));
    if (status s = store->reload(); !s.ok())
        return s;
    return store;
}

} // namespace

result<server_credentials> server_credentials::tls(tls_server_options options) {
    auto store = make_store<net::tls_server_store>(std::move(options), "tls_server_options");
    if (store.has_error())
        return store.error();
    return server_credentials(std::move(*store));
}

status server_credentials::reload() const {
    return store_ ? store_->reload() : status();
}

result<channel_credentials> channel_credentials::tls(tls_client_options options) {
    auto store = make_store<net::tls_client_store>(std::move(options), "tls_client_options");
    if (store.has_error())
        return store.error();
    return channel_credentials(std::move(*store));
}

status channel_credentials::reload() const {
    return store_ ? store_->reload() : status();
}

} // namespace joust
