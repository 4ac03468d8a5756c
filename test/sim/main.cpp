//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// sim_cluster: a channel and 50 servers in virtual time, with faults. One number decides everything that happens.
//
//     sim_cluster [--first N] [--seeds COUNT]     runs them; exits with 1 if one fails, which is named
//     sim_cluster --seed N [--quiet]              runs one, with a trace of all that happens

#include "simulation.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>

#include <unistd.h>

namespace {

using joust::sim::report;

char replay[128]; // what replays the seed that runs

void on_crash(int signal) {
    (void)!::write(STDERR_FILENO, replay, std::strlen(replay));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

report run(std::uint64_t seed, std::FILE* trace) {
    std::snprintf(replay, sizeof replay, "seed %llu fails; to replay: sim_cluster --seed %llu\n",
                  static_cast<unsigned long long>(seed), static_cast<unsigned long long>(seed));
    joust::sim::simulation s(seed, trace);
    report const r = s.run();
    if (r.violations.empty())
        return r;
    std::fputs(replay, stderr);
    constexpr std::size_t most_shown = 10;
    for (std::size_t i = 0; i < r.violations.size() && i < most_shown; ++i)
        std::fprintf(stderr, "    %s\n", r.violations[i].c_str());
    if (r.violations.size() > most_shown)
        std::fprintf(stderr, "    and %zu more\n", r.violations.size() - most_shown);
    return r;
}

int run_many(std::uint64_t first, std::uint64_t count) {
    std::size_t bad = 0, calls = 0, failed = 0, repeated = 0, faults = 0;
    double lasted = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        report const r = run(seed, nullptr);
        bad += r.violations.empty() ? 0 : 1;
        calls += r.calls;
        failed += r.failed;
        repeated += r.repeated;
        faults += r.faults;
        lasted += std::chrono::duration<double>(r.lasted).count();
    }
    std::printf("%llu seeds from %llu: %zu bad; %zu calls, %zu failed, %zu repeated; %zu faults; %.0f s of virtual "
                "time in %.1f s of CPU\n",
                static_cast<unsigned long long>(count), static_cast<unsigned long long>(first), bad, calls, failed,
                repeated, faults, lasted, static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
    return bad == 0 ? 0 : 1;
}

int run_one(std::uint64_t seed, bool quiet) {
    report const r = run(seed, quiet ? nullptr : stdout);
    std::printf("seed %llu: %zu calls, %zu failed, %zu repeated; %zu faults; digest %016llx; %s\n",
                static_cast<unsigned long long>(seed), r.calls, r.failed, r.repeated, r.faults,
                static_cast<unsigned long long>(r.digest), r.violations.empty() ? "good" : "BAD");
    return r.violations.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    std::uint64_t first = 1, count = 1000, one = 0;
    bool quiet = false;
    for (int i = 1; i < argc; ++i) {
        std::string_view const option = argv[i];
        std::uint64_t* const number = option == "--first"   ? &first
                                      : option == "--seeds" ? &count
                                      : option == "--seed"  ? &one
                                                            : nullptr;
        if (option == "--quiet") {
            quiet = true;
        } else if (number != nullptr && i + 1 < argc) {
            *number = std::strtoull(argv[++i], nullptr, 10);
        } else {
            std::fputs("usage: sim_cluster [--first N] [--seeds COUNT] | --seed N [--quiet]\n", stderr);
            return 2;
        }
    }
    for (int const signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS})
        std::signal(signal, on_crash);
    return one != 0 ? run_one(one, quiet) : run_many(first, count);
}
