//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <memory>
#include <utility>

namespace joust::game {

/// A completion handler inside of an object: calls `Then` of it. If it is destroyed instead, as the execution context
/// is, `Abandon` is called, to let go of the user's handlers: they own the coroutine that owns the object.
template <class Owner, auto Then, auto Abandon>
class abandoning_handler {
public:
    explicit abandoning_handler(std::shared_ptr<Owner> owner) noexcept : owner_(std::move(owner)) {}
    abandoning_handler(abandoning_handler&&) noexcept = default;
    abandoning_handler& operator=(abandoning_handler&&) = delete;
    ~abandoning_handler() {
        if (owner_)
            ((*owner_).*Abandon)();
    }

    template <class Result>
    void operator()(Result r) {
        auto const owner = std::exchange(owner_, nullptr);
        ((*owner).*Then)(std::move(r));
    }

private:
    std::shared_ptr<Owner> owner_;
};

} // namespace joust::game
