//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json.hpp"
#include "joust/game/message_pack.hpp"
#include "joust/game/payload.hpp"
#include "micro/report.hpp"

#include <boost/json.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

// The same structs read and written by joust, Boost.JSON and nlohmann-json; bench/json_ratios compares.

namespace bench_types {

struct player {
    std::string player_id;
    std::string name;
    int level = 0;
    std::int64_t score = 0;
    double rating = 0;
    double x = 0;
    double y = 0;
    bool online = false;
    std::string guild;
    std::vector<std::string> tags;
    std::vector<int> slots;

    friend bool operator==(player const&, player const&) = default;
};
BOOST_DESCRIBE_STRUCT(player, (), (player_id, name, level, score, rating, x, y, online, guild, tags, slots))
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(player, player_id, name, level, score, rating, x, y, online, guild, tags, slots)

struct roster {
    std::vector<player> players;

    friend bool operator==(roster const&, roster const&) = default;
};
BOOST_DESCRIBE_STRUCT(roster, (), (players))
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(roster, players)

} // namespace bench_types

using namespace joust;

namespace {

using bench_types::player;
using bench_types::roster;

player small() {
    return {.player_id = "p-1047",
            .name = "Kn\u00fct of the Lake",
            .level = 42,
            .score = 9'007'199'254'740'993,
            .rating = 1523.75,
            .x = -12.5,
            .y = 0.1,
            .online = true,
            .guild = "Round Table",
            .tags = {"veteran", "eu"},
            .slots = {1, 20, 300, 4000}};
}

roster large() {
    roster all;
    for (int i = 0; i != 51; ++i) {
        player next = small();
        next.player_id = "p-" + std::to_string(1000 + i);
        next.level = i;
        next.x += i;
        all.players.push_back(std::move(next));
    }
    return all;
}

template <class T>
T sample() {
    if constexpr (std::is_same_v<T, player>)
        return small();
    else
        return large();
}

struct with_joust {
    template <class T>
    static bool decode(T& to, std::string const& text) {
        return json::decode_into(to, text).ok();
    }
    template <class T>
    static std::size_t encode(T const& from) {
        static thread_local buffer out;
        out.clear();
        (void)json::encode(out, from);
        return out.size();
    }
};

struct with_boost {
    template <class T>
    static bool decode(T& to, std::string const& text) {
        to = boost::json::value_to<T>(boost::json::parse(text));
        return true;
    }
    template <class T>
    static std::size_t encode(T const& from) {
        return boost::json::serialize(boost::json::value_from(from)).size();
    }
};

struct with_nlohmann {
    template <class T>
    static bool decode(T& to, std::string const& text) {
        nlohmann::json::parse(text).get_to(to);
        return true;
    }
    template <class T>
    static std::size_t encode(T const& from) {
        return nlohmann::json(from).dump().size();
    }
};

template <class Library, class T>
void json_decode(benchmark::State& state) {
    T const value = sample<T>();
    std::string const text = *json::encode_to_string(value);
    T read;
    bench::measure(state, [&] {
        if (!Library::decode(read, text))
            state.SkipWithError("refused");
    });
    if (read != value)
        state.SkipWithError("read something else");
    state.counters["bytes"] = static_cast<double>(text.size());
}

template <class Library, class T>
void json_encode(benchmark::State& state) {
    T const value = sample<T>();
    std::size_t size = 0;
    bench::measure(state, [&] { size = Library::encode(value); });
    state.counters["bytes"] = static_cast<double>(size);
}

BENCHMARK(json_decode<with_joust, player>)->Name("json_decode/small/joust");
BENCHMARK(json_decode<with_boost, player>)->Name("json_decode/small/boost");
BENCHMARK(json_decode<with_nlohmann, player>)->Name("json_decode/small/nlohmann");
BENCHMARK(json_encode<with_joust, player>)->Name("json_encode/small/joust");
BENCHMARK(json_encode<with_boost, player>)->Name("json_encode/small/boost");
BENCHMARK(json_encode<with_nlohmann, player>)->Name("json_encode/small/nlohmann");
BENCHMARK(json_decode<with_joust, roster>)->Name("json_decode/large/joust");
BENCHMARK(json_decode<with_boost, roster>)->Name("json_decode/large/boost");
BENCHMARK(json_decode<with_nlohmann, roster>)->Name("json_decode/large/nlohmann");
BENCHMARK(json_encode<with_joust, roster>)->Name("json_encode/large/joust");
BENCHMARK(json_encode<with_boost, roster>)->Name("json_encode/large/boost");
BENCHMARK(json_encode<with_nlohmann, roster>)->Name("json_encode/large/nlohmann");

void msgpack_decode(benchmark::State& state) {
    auto const codec = game::message_pack();
    buffer bytes;
    (void)game::payload<player>::encode(bytes, small(), codec.get(), {});
    player read;
    bench::measure(state, [&] {
        if (!game::payload<player>::decode(read, bytes.view(), codec.get(), {}).ok())
            state.SkipWithError("refused");
    });
    state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(msgpack_decode);

void msgpack_encode(benchmark::State& state) {
    auto const codec = game::message_pack();
    player const value = small();
    buffer bytes;
    bench::measure(state, [&] {
        bytes.clear();
        (void)game::payload<player>::encode(bytes, value, codec.get(), {});
    });
    state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(msgpack_encode);

} // namespace
