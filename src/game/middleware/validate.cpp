//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/validate.hpp"

#include "game/middleware/refusal.hpp"

namespace joust::game::detail {

namespace {

class validator final : public interceptor {
public:
    explicit validator(validator_function look) noexcept : look_(std::move(look)) {}

    status before(call& c) override { return look(c, c.arguments()); }
    status on_read(call& c, buffer& arguments) override { return look(c, arguments.view()); }

private:
    status look(call const& c, std::string_view arguments) const {
        failures found;
        status s = look_(c, arguments, found);
        if (s.ok() && !found.empty())
            s = refusal(c, status_code::invalid_argument, found.text());
        return s;
    }

    validator_function look_;
};

} // namespace

std::shared_ptr<interceptor> make_validator(validator_function f) {
    return std::make_shared<validator>(std::move(f));
}

} // namespace joust::game::detail
