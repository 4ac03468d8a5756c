//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace joust::bench {

/// Options of the forms `--name` and `--name value`.
class arguments {
public:
    arguments(int argc, char** argv, std::string_view usage) : usage_(usage), rest_(argv + 1, argv + argc) {
        if (flag("--help")) {
            std::cout << usage_;
            std::exit(0);
        }
    }

    bool flag(std::string_view name) { return std::erase(rest_, name) != 0; }

    std::string text(std::string_view name, std::string_view otherwise) {
        for (auto it = rest_.begin(); it != rest_.end(); ++it) {
            if (*it != name || it + 1 == rest_.end())
                continue;
            std::string const value(it[1]);
            rest_.erase(it, it + 2);
            return value;
        }
        return std::string(otherwise);
    }

    std::uint64_t number(std::string_view name, std::uint64_t otherwise) {
        std::string const value = text(name, std::to_string(otherwise));
        std::uint64_t n = 0;
        if (std::from_chars(value.data(), value.data() + value.size(), n).ptr != value.data() + value.size())
            fail(value);
        return n;
    }

    /// Ends the program when something was not understood.
    void done() const {
        if (!rest_.empty())
            fail(rest_.front());
    }

private:
    [[noreturn]] void fail(std::string_view what) const {
        std::cerr << "bad argument: " << what << '\n' << usage_;
        std::exit(2);
    }

    std::string_view usage_;
    std::vector<std::string_view> rest_;
};

} // namespace joust::bench
