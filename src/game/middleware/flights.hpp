//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/middleware/single_flight.hpp"
#include "joust/core/status.hpp"
#include "joust/game/middleware/answer_table.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <mutex>
#include <string>

namespace joust::game {

/// Calls that wait for one that runs, across connections and threads.
///
/// *Thread safety*: safe.
class flights : public std::enable_shared_from_this<flights> {
public:
    /// The right and the duty to run for a key. Whoever has it says how that went, or hands it over by letting it go.
    class leadership {
    public:
        leadership(std::shared_ptr<flights> of, std::string key) noexcept : of_(std::move(of)), key_(std::move(key)) {}
        leadership(leadership const&) = delete;
        leadership& operator=(leadership const&) = delete;
        ~leadership() { hand_over(); }

        std::string const& key() const noexcept { return key_; }

        /// All that wait get this answer.
        void answer(answer_table::answer const& what) { end(what, {}); }
        /// All that wait get this error.
        void fail(status const& error) { end(nullptr, error); }
        /// The one that waits longest runs instead.
        void hand_over() noexcept;

    private:
        void end(answer_table::answer const& what, status const& error);

        std::shared_ptr<flights> of_; // null once it has been said
        std::string key_;
    };

    /// How a wait ended: one of three.
    struct landed {
        std::shared_ptr<leadership> leads;
        answer_table::answer answer;
        status error;
    };

    /// Leads at once, or waits until the leader has landed or leadership comes to the caller.
    ///
    /// *Cancellation*: all types; completes with the error CANCELLED, unless there is a result at the same time.
    boost::asio::awaitable<landed> join(std::string key);

private:
    struct follower {
        explicit follower(boost::asio::any_io_executor const& executor)
            : wake(executor, boost::asio::steady_timer::time_point::max()) {}

        boost::asio::steady_timer wake; // only used on its executor
        bool done = false;              // the rest is guarded by the mutex
        landed result;
    };
    /// Waits no longer when it goes, also because the execution context does.
    class waiting;

    static void finish(std::shared_ptr<follower> const& f, landed result);

    std::mutex mutex_;
    single_flight<std::shared_ptr<follower>> flights_;
};

} // namespace joust::game
