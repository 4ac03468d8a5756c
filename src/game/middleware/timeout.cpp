//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/timeout.hpp"

#include "game/middleware/refusal.hpp"
#include "joust/game/description.hpp"

namespace joust::game {

namespace {

class time_setter final : public interceptor {
public:
    explicit time_setter(std::chrono::steady_clock::duration longest) noexcept : longest_(longest) {}

    status before(call& c) override {
        c.set_timeout(longest_);
        return {};
    }
    void describe(method_description& m) const override { m.timeout = std::chrono::duration<double>(longest_).count(); }

private:
    std::chrono::steady_clock::duration const longest_;
};

} // namespace

std::shared_ptr<interceptor> timeout(std::chrono::steady_clock::duration longest) {
    if (longest <= std::chrono::steady_clock::duration::zero())
        refuse_options("timeout", "the time must be positive");
    return std::make_shared<time_setter>(longest);
}

} // namespace joust::game
