//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/resolver.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace joust::client {

/// The address list (see `parse_address_list`) in a file, read again when it has changed, which is looked for every
/// `poll`. Replace the file by renaming another one to it: a file that is written to may be read half-way.
///
/// A file that is missing, empty or wrong is reported without addresses, with a problem that names the file and what is
/// wrong, once for each change.
class file_resolver final : public resolver {
public:
    using duration = std::chrono::steady_clock::duration;

    explicit file_resolver(std::string path, duration poll = std::chrono::seconds(5));
    ~file_resolver() override;

    void start(boost::asio::any_io_executor const& executor, listener on_resolution) override;
    /// Reads the file, changed or not.
    void refresh() override;

private:
    class work;

    std::string path_;
    duration poll_;
    std::shared_ptr<work> work_; // once started
};

} // namespace joust::client
