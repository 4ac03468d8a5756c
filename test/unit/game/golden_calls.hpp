//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <string_view>

// Written by test/interop/game_golden_test.py --update, from what stock grpcio peers sent each other.

// clang-format off
namespace joust::test {

using namespace std::string_view_literals;

struct golden_call {
    std::string_view service;
    std::string_view method;
    std::string_view arguments; ///< as JSON; empty for no payload
    std::string_view key;
    std::string_view value;
    std::string_view request;
    std::string_view response;
};

inline constexpr golden_call golden_calls[] = {
    {"golden"sv, "echo"sv,
     ""sv,
     ""sv, ""sv,
     "\012\006golden\022\004echo"sv,
     "\022\007success\032\002{}"sv},
    {"golden"sv, "echo"sv,
     "{}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004echo\032\002{}"sv,
     "\022\007success\032\002{}"sv},
    {"golden"sv, "echo"sv,
     "{\042player_id\042:\042123\042,\042level\042:7}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004echo\032\035{\042player_id\042:\042123\042,\042level\042:7}"sv,
     "\022\007success\032\035{\042player_id\042:\042123\042,\042level\042:7}"sv},
    {"golden"sv, "echo"sv,
     "{\042min\042:-9223372036854775808,\042max\042:9223372036854775807,\042unsigned\042:18446744073709551615,\042zero\042:0,\042minus\042:-1}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004echo\032j{\042min\042:-9223372036854775808,\042max\042:9223372036854775807,\042unsigned\042:18446744073709551615,\042zero\042:0,\042minus\042:-1}"sv,
     "\022\007success\032j{\042min\042:-9223372036854775808,\042max\042:9223372036854775807,\042unsigned\042:18446744073709551615,\042zero\042:0,\042minus\042:-1}"sv},
    {"golden"sv, "echo"sv,
     "{\042doubles\042:[10.0,-0.0,0.1,1e+16,1e-05,123456789012345.6,5e-324,1.7976931348623157e+308,2.5e-10,0.0001]}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004echo\032g{\042doubles\042:[10.0,-0.0,0.1,1e+16,1e-05,123456789012345.6,5e-324,1.7976931348623157e+308,2.5e-10,0.0001]}"sv,
     "\022\007success\032g{\042doubles\042:[10.0,-0.0,0.1,1e+16,1e-05,123456789012345.6,5e-324,1.7976931348623157e+308,2.5e-10,0.0001]}"sv},
    {"golden"sv, "echo"sv,
     "{\042texts\042:[\042\042,\042K\303\266nig\042,\042\346\227\245\346\234\254\350\252\236\042,\042\360\237\230\200\042,\042\134\042\134\134/\042,\042\134b\134f\134n\134r\134t\042,\042\134u0000\134u001f\177\342\200\250\042],\042K\303\266nig\042:null}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004echo\032`{\042texts\042:[\042\042,\042K\303\266nig\042,\042\346\227\245\346\234\254\350\252\236\042,\042\360\237\230\200\042,\042\134\042\134\134/\042,\042\134b\134f\134n\134r\134t\042,\042\134u0000\134u001f\177\342\200\250\042],\042K\303\266nig\042:null}"sv,
     "\022\007success\032`{\042texts\042:[\042\042,\042K\303\266nig\042,\042\346\227\245\346\234\254\350\252\236\042,\042\360\237\230\200\042,\042\134\042\134\134/\042,\042\134b\134f\134n\134r\134t\042,\042\134u0000\134u001f\177\342\200\250\042],\042K\303\266nig\042:null}"sv},
    {"golden"sv, "echo"sv,
     "{\042nested\042:[[],{},[{\042a\042:[true,false,null]}]]}"sv,
     "realm"sv, "north"sv,
     "\012\006golden\022\004echo\032,{\042nested\042:[[],{},[{\042a\042:[true,false,null]}]]}\042\016\012\005realm\022\005north"sv,
     "\022\007success\032,{\042nested\042:[[],{},[{\042a\042:[true,false,null]}]]}"sv},
    {"golden"sv, "echo"sv,
     "{\042long\042:\042xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004echo\032\267\002{\042long\042:\042xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\042}"sv,
     "\022\007success\032\267\002{\042long\042:\042xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\042}"sv},
    {"golden"sv, "value"sv,
     "{\042of\042:\042nothing\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\005value\032\020{\042of\042:\042nothing\042}"sv,
     "\022\007success"sv},
    {"golden"sv, "value"sv,
     "{\042of\042:\042null\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\005value\032\015{\042of\042:\042null\042}"sv,
     "\022\007success\032\004null"sv},
    {"golden"sv, "value"sv,
     "{\042of\042:\042zero\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\005value\032\015{\042of\042:\042zero\042}"sv,
     "\022\007success\032\0010"sv},
    {"golden"sv, "value"sv,
     "{\042of\042:\042false\042}"sv,
     "trace"sv, "K\303\266nig"sv,
     "\012\006golden\022\005value\032\016{\042of\042:\042false\042}\042\017\012\005trace\022\006K\303\266nig"sv,
     "\022\007success\032\005false"sv},
    {"golden"sv, "value"sv,
     "{\042of\042:\042empty text\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\005value\032\023{\042of\042:\042empty text\042}"sv,
     "\022\007success\032\002\042\042"sv},
    {"golden"sv, "value"sv,
     "{\042of\042:\042empty list\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\005value\032\023{\042of\042:\042empty list\042}"sv,
     "\022\007success\032\002[]"sv},
    {"golden"sv, "value"sv,
     "{\042of\042:\042empty object\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\005value\032\025{\042of\042:\042empty object\042}"sv,
     "\022\007success\032\002{}"sv},
    {"golden"sv, "fail"sv,
     "{\042code\042:400,\042message\042:\042bad level\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004fail\032\042{\042code\042:400,\042message\042:\042bad level\042}"sv,
     "\010\220\003\022\011bad level"sv},
    {"golden"sv, "fail"sv,
     "{\042code\042:504,\042message\042:\042golden.slow: timed out after 3.0 s\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004fail\032;{\042code\042:504,\042message\042:\042golden.slow: timed out after 3.0 s\042}"sv,
     "\010\370\003\022\042golden.slow: timed out after 3.0 s"sv},
    {"golden"sv, "fail"sv,
     "{\042code\042:1,\042message\042:\042K\303\266nig\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004fail\032\035{\042code\042:1,\042message\042:\042K\303\266nig\042}"sv,
     "\010\001\022\006K\303\266nig"sv},
    {"golden"sv, "fail"sv,
     "{\042code\042:-1,\042message\042:\042\042}"sv,
     ""sv, ""sv,
     "\012\006golden\022\004fail\032\030{\042code\042:-1,\042message\042:\042\042}"sv,
     "\010\377\377\377\377\377\377\377\377\377\001"sv},
    {""sv, "golden.echo"sv,
     "{\042a\042:1}"sv,
     ""sv, ""sv,
     "\022\013golden.echo\032\007{\042a\042:1}"sv,
     "\022\007success\032\007{\042a\042:1}"sv},
};

} // namespace joust::test
// clang-format on
