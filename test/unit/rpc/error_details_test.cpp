//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/rpc/error_details.hpp"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using google::rpc::BadRequest;
using google::rpc::DebugInfo;
using google::rpc::ErrorInfo;
using google::rpc::RetryInfo;

BOOST_AUTO_TEST_SUITE(error_details)

namespace {

RetryInfo retry_in(int seconds) {
    RetryInfo r;
    r.mutable_retry_delay()->set_seconds(seconds);
    return r;
}

BadRequest bad_field(std::string const& name) {
    BadRequest b;
    auto& v = *b.add_field_violations();
    v.set_field(name);
    v.set_description("must not be empty");
    return b;
}

ErrorInfo info(std::string const& reason) {
    ErrorInfo i;
    i.set_reason(reason);
    i.set_domain("joust.test");
    (*i.mutable_metadata())["realm"] = "north";
    return i;
}

// What protobuf itself reads.
google::rpc::Status read_by_protobuf(status const& s) {
    google::rpc::Status m;
    BOOST_REQUIRE(m.ParseFromString(s.details()));
    return m;
}

status with_bytes(std::string bytes, status_code code = status_code::not_found) {
    status s(code, "gone", status_origin::peer);
    s.set_details(std::move(bytes));
    return s;
}

} // namespace

BOOST_AUTO_TEST_CASE(details_are_a_google_rpc_status_that_agrees_with_the_status) {
    status const s = make_status(status_code::unavailable, "größer 🎲", retry_in(30), bad_field("id"));
    BOOST_TEST((s.code() == status_code::unavailable));
    BOOST_TEST(s.message() == "größer 🎲");
    google::rpc::Status const m = read_by_protobuf(s);
    BOOST_TEST(m.code() == 14);
    BOOST_TEST(m.message() == s.message());
    BOOST_REQUIRE(m.details_size() == 2);
    BOOST_TEST(m.details(0).type_url() == "type.googleapis.com/google.rpc.RetryInfo");
    RetryInfo retry;
    BOOST_TEST(m.details(0).UnpackTo(&retry));
    BOOST_TEST(retry.retry_delay().seconds() == 30);
    BOOST_TEST(m.SerializeAsString() == s.details()); // byte for byte
}

BOOST_AUTO_TEST_CASE(every_detail_is_found_by_its_type) {
    DebugInfo debug;
    debug.add_stack_entries("main");
    debug.set_detail("why");
    google::protobuf::Duration any_message;
    any_message.set_nanos(7);
    status const s = make_status(status_code::invalid_argument, "no", retry_in(1), bad_field("name"), info("EMPTY"),
                                 debug, any_message, retry_in(2));
    BOOST_TEST(find_detail<RetryInfo>(s).value().retry_delay().seconds() == 1); // the first
    BOOST_TEST(find_detail<BadRequest>(s).value().field_violations(0).field() == "name");
    BOOST_TEST(find_detail<ErrorInfo>(s).value().reason() == "EMPTY");
    BOOST_TEST(find_detail<ErrorInfo>(s).value().metadata().at("realm") == "north");
    BOOST_TEST(find_detail<DebugInfo>(s).value().stack_entries(0) == "main");
    BOOST_TEST(find_detail<google::protobuf::Duration>(s).value().nanos() == 7);
    BOOST_TEST(!find_detail<google::rpc::Help>(s).has_value());
    BOOST_TEST(get_details(s).value().size() == 6u);
}

BOOST_AUTO_TEST_CASE(details_can_be_added_one_by_one) {
    status s(status_code::aborted, "again");
    add_detail(s, retry_in(5));
    add_detail(s, info("LOST"));
    BOOST_TEST((s.details() == make_status(status_code::aborted, "again", retry_in(5), info("LOST")).details()));
    set_details(s, {});
    BOOST_TEST(!find_detail<RetryInfo>(s).has_value());
    BOOST_TEST(read_by_protobuf(s).message() == "again");
}

BOOST_AUTO_TEST_CASE(status_without_a_message_or_details_is_written) {
    BOOST_TEST(read_by_protobuf(make_status(status_code::unknown, "")).code() == 2);
    BOOST_TEST(get_details(make_status(status_code::unknown, "")).value().empty());
}

BOOST_AUTO_TEST_CASE(what_protobuf_writes_is_read_whatever_else_is_there) {
    google::rpc::Status m;
    m.set_code(5);
    m.set_message("gone");
    m.add_details()->PackFrom(info("GONE"));
    std::string const later_fields("\x20\x01\x29\1\2\3\4\5\6\7\10\x32\2xy\x3d\1\2\3\4",
                                   20); // 4 to 7, of each wire type
    status const s = with_bytes(later_fields + m.SerializeAsString() + later_fields);
    BOOST_TEST(find_detail<ErrorInfo>(s).value().reason() == "GONE");
    google::rpc::Status other_url = m;
    other_url.mutable_details(0)->set_type_url("example.com/types/google.rpc.ErrorInfo");
    BOOST_TEST(find_detail<ErrorInfo>(with_bytes(other_url.SerializeAsString())).has_value());
}

BOOST_AUTO_TEST_CASE(details_of_another_status_are_none) {
    status const s = make_status(status_code::aborted, "again", info("LOST"));
    BOOST_TEST(!get_details(with_bytes(s.details(), status_code::not_found)).has_value());
    BOOST_TEST(!find_detail<ErrorInfo>(with_bytes(s.details(), status_code::not_found)).has_value());
    BOOST_TEST(find_detail<ErrorInfo>(with_bytes(s.details(), status_code::aborted)).has_value());
}

BOOST_AUTO_TEST_CASE(no_details_are_none) {
    BOOST_TEST(!get_details(status()).has_value());
    BOOST_TEST(!find_detail<ErrorInfo>(status(status_code::not_found, "x")).has_value());
}

BOOST_AUTO_TEST_CASE(every_cut_is_read_as_protobuf_reads_it) {
    std::string const all = make_status(status_code::not_found, "gone", info("GONE"), retry_in(3)).details();
    for (std::size_t at = 0; at < all.size(); ++at) {
        std::string const cut = all.substr(0, at);
        google::rpc::Status m;
        bool const good = m.ParseFromString(cut) && m.code() == 5;
        auto const found = get_details(with_bytes(cut));
        BOOST_TEST(found.has_value() == good, "cut at " << at);
        if (found && good)
            BOOST_TEST(found->size() == static_cast<std::size_t>(m.details_size()));
    }
}

BOOST_AUTO_TEST_CASE(what_is_malformed_is_none) {
    for (std::string_view const bytes :
         {std::string_view("not a message"), std::string_view("\x0b\x0c", 2),
          std::string_view("\x08\x05\x1a\xff\xff\xff\xff\x0f", 8), std::string_view("\x08\x05\x00", 3),
          std::string_view("\x08\x05\x1a\x01\x0a", 5)})
        BOOST_TEST(!get_details(with_bytes(std::string(bytes))).has_value());
    google::protobuf::Any broken;
    broken.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
    broken.set_value("\xff\xff");
    status s(status_code::not_found, "gone");
    set_details(s, {broken});
    BOOST_TEST(get_details(s).value().size() == 1u);
    BOOST_TEST(!find_detail<ErrorInfo>(s).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
