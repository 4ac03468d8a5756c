//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The command line: see `joust --help`.

#include "commands.hpp"
#include "options.hpp"
#include "report.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <variant>

namespace cli = joust::cli;
namespace asio = boost::asio;

namespace {

/// Whoever starts this may have closed them; a socket must not take their place.
void occupy_standard_descriptors() {
    int next = ::open("/dev/null", O_RDWR);
    while (next >= 0 && next <= STDERR_FILENO)
        next = ::open("/dev/null", O_RDWR);
    if (next >= 0)
        ::close(next);
}

} // namespace

int main(int argc, char** argv) {
    occupy_standard_descriptors();
    auto const parsed = cli::parse_command_line(argc, argv);
    if (int const* const code = std::get_if<int>(&parsed))
        return *code;
    auto const& options = std::get<cli::options>(parsed);
    auto const told = std::make_shared<cli::progress>(options.verbose);

    asio::io_context io(1);
    int code = static_cast<int>(joust::status_code::internal);
    bool done = false;
    auto running = options.what == cli::command::call     ? cli::run_call(options, told)
                   : options.what == cli::command::stream ? cli::run_stream(options, told)
                                                          : cli::run_introspection(options, told);
    asio::co_spawn(io, std::move(running), [&](std::exception_ptr failed, int exit_code) {
        done = true;
        try {
            if (failed)
                std::rethrow_exception(failed);
            code = exit_code;
        } catch (std::exception const& e) {
            cli::complain(cli::place::call, e.what());
        }
    });
    while (!done && io.run_one() != 0) {
    }
    io.run_for(std::chrono::milliseconds(100)); // the connection says goodbye
    if (!io.stopped())
        std::_Exit(code); // a name that is still being resolved would hold the io_context for many seconds
    return code;
}
