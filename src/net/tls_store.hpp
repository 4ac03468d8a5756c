//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/net/tls_options.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace joust::net {

class tls_context;

/// `tls_context::make`, for those who need not know what it is.
result<std::shared_ptr<tls_context>> make_tls_context(tls_server_options const& options);
result<std::shared_ptr<tls_context>> make_tls_context(tls_client_options const& options);

/// The options with the texts of their files. INVALID_ARGUMENT names a file that cannot be read.
result<tls_server_options> read_files(tls_server_options options);
result<tls_client_options> read_files(tls_client_options options);

/// Certificates that can be exchanged while they are in use.
///
/// *Thread safety*: safe.
template <class Options>
class tls_store {
public:
    explicit tls_store(Options options) : options_(std::move(options)) {}

    Options const& options() const noexcept { return options_; }

    std::shared_ptr<tls_context> current() const {
        std::lock_guard const lock(mutex_);
        return current_;
    }

    /// Reads the files. What was read before stays when that fails.
    status reload() {
        std::lock_guard const lock(reloading_);
        return use(read_files(options_));
    }

    /// The same if what the files hold is not what was found last time; nothing if it is.
    std::optional<status> reload_if_changed() {
        std::lock_guard const lock(reloading_);
        auto read = read_files(options_);
        if (read.has_error() ? last_failure_ == read.error() : last_read_ == *read)
            return std::nullopt;
        return use(std::move(read));
    }

    /// `reload_if_changed`, at most once in an interval.
    std::optional<status> reload_if_due(std::chrono::steady_clock::time_point now) {
        {
            std::lock_guard const lock(mutex_);
            if (options_.reload_interval == options_.reload_interval.zero() || now < next_look_)
                return std::nullopt;
            next_look_ = now + options_.reload_interval;
        }
        return reload_if_changed();
    }

private:
    status use(result<Options> read) {
        last_failure_ = read.has_error() ? read.error() : status();
        if (read.has_error())
            return last_failure_;
        last_read_ = std::move(*read);
        auto made = make_tls_context(*last_read_);
        if (made.has_error())
            return made.error();
        std::lock_guard const lock(mutex_);
        current_ = std::move(*made);
        return {};
    }

    Options options_;
    std::mutex reloading_; // taken before mutex_, and while files are read
    std::optional<Options> last_read_;
    status last_failure_; // of reading
    mutable std::mutex mutex_;
    std::shared_ptr<tls_context> current_;
    std::chrono::steady_clock::time_point next_look_{};
};

class tls_server_store final : public tls_store<tls_server_options> {
    using tls_store::tls_store;
};
class tls_client_store final : public tls_store<tls_client_options> {
    using tls_store::tls_store;
};

} // namespace joust::net
