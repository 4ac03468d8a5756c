//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "ops/reflection_session.hpp"

#include "test_service.pb.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace reflection_session_tests {

namespace pb = google::protobuf;
using joust::service_info;
using session = joust::ops::reflection_session;

std::string file_of_text(char const* text) {
    pb::FileDescriptorProto file;
    BOOST_REQUIRE(pb::TextFormat::ParseFromString(text, &file));
    return file.SerializeAsString();
}

// A diamond: top imports left and right, which import base; base has a message that is extended.
char const* const base = R"(name: "base.proto" package: "d" syntax: "proto2"
    message_type { name: "Base" extension_range { start: 100 end: 200 } })";
char const* const left = R"(name: "left.proto" package: "d" syntax: "proto2" dependency: "base.proto"
    extension { name: "left" number: 102 label: LABEL_OPTIONAL type: TYPE_INT32 extendee: ".d.Base" })";
char const* const right = R"(name: "right.proto" package: "d" syntax: "proto2" dependency: "base.proto"
    extension { name: "right" number: 101 label: LABEL_OPTIONAL type: TYPE_INT32 extendee: ".d.Base" })";
char const* const top = R"(name: "top.proto" package: "d" syntax: "proto2" dependency: "left.proto"
    dependency: "right.proto" message_type { name: "Top" })";

struct fixture {
    pb::DescriptorPool diamond;
    std::string const brought = file_of_text(R"(name: "brought.proto" package: "b" syntax: "proto3"
        dependency: "google/protobuf/descriptor.proto"
        message_type { name: "M" field { name: "some_field" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32
                                         json_name: "other" } }
        service { name: "S" method { name: "Go" input_type: ".b.M" output_type: ".b.M" } })");
    std::vector<service_info> const services{{"b.S", "brought.proto", brought},
                                             {"broken.S", "broken.proto", "\xff"},
                                             {"joust.test.Echo", "test_service.proto"},
                                             {"test.Bytes"}};
    joust::ops::descriptors known{{&diamond}, services};
    session s{known, services};

    fixture() {
        for (char const* const text : {base, left, right, top}) {
            pb::FileDescriptorProto file;
            BOOST_REQUIRE(pb::TextFormat::ParseFromString(text, &file));
            BOOST_REQUIRE(diamond.BuildFile(file) != nullptr);
        }
    }

    session::response symbol(std::string const& name) {
        session::request q;
        q.set_file_containing_symbol(name);
        return s.answer(q);
    }
    session::response file(std::string const& name) {
        session::request q;
        q.set_file_by_filename(name);
        return s.answer(q);
    }
    session::response extension(std::string const& type, int number) {
        session::request q;
        q.mutable_file_containing_extension()->set_containing_type(type);
        q.mutable_file_containing_extension()->set_extension_number(number);
        return s.answer(q);
    }
    session::response extension_numbers(std::string const& type) {
        session::request q;
        q.set_all_extension_numbers_of_type(type);
        return s.answer(q);
    }
};

/// The files of a response, or its error.
std::string text_of(session::response const& r) {
    if (r.has_error_response())
        return std::to_string(r.error_response().error_code()) + " " + r.error_response().error_message();
    std::string names;
    for (auto const& bytes : r.file_descriptor_response().file_descriptor_proto()) {
        pb::FileDescriptorProto file;
        BOOST_TEST(file.ParseFromString(bytes));
        names += (names.empty() ? "" : " ") + file.name();
    }
    return names;
}

BOOST_FIXTURE_TEST_SUITE(reflection_session, fixture)

BOOST_AUTO_TEST_CASE(list_has_every_service_and_the_request) {
    session::request q;
    q.set_host("somewhere");
    q.set_list_services("*");
    auto const r = s.answer(q);
    BOOST_TEST(r.valid_host() == "somewhere");
    BOOST_TEST(r.original_request().list_services() == "*");
    std::string names;
    for (auto const& service : r.list_services_response().service())
        names += service.name() + " ";
    BOOST_TEST(names == "b.S broken.S joust.test.Echo test.Bytes ");
}

BOOST_AUTO_TEST_CASE(file_is_found_by_name_with_all_that_it_imports_once) {
    BOOST_TEST(text_of(file("top.proto")) == "top.proto left.proto right.proto base.proto");
}

BOOST_AUTO_TEST_CASE(imports_are_sent_once_for_each_stream_and_what_is_asked_for_always) {
    BOOST_TEST(text_of(file("left.proto")) == "left.proto base.proto");
    BOOST_TEST(text_of(file("top.proto")) == "top.proto right.proto");
    BOOST_TEST(text_of(file("top.proto")) == "top.proto");
    BOOST_TEST(text_of(file("base.proto")) == "base.proto");
}

BOOST_AUTO_TEST_CASE(symbols_of_every_kind_are_found) {
    std::string const package = ::joust::test::EchoRequest::descriptor()->file()->package();
    for (std::string const name : {".Echo", ".Echo.Unary", ".EchoRequest", ".EchoRequest.text"})
        BOOST_TEST(text_of(symbol(package + name)).starts_with("test_service.proto"));
    BOOST_TEST(text_of(symbol("google.protobuf.FieldDescriptorProto.TYPE_INT32")) ==
               "google/protobuf/descriptor.proto");
    BOOST_TEST(text_of(symbol("d.left")).starts_with("left.proto"));
}

BOOST_AUTO_TEST_CASE(service_that_brought_its_descriptor_is_found_with_imports) {
    BOOST_TEST(text_of(symbol("b.S.Go")) == "brought.proto google/protobuf/descriptor.proto");
    auto const r = file("brought.proto");
    BOOST_TEST(r.file_descriptor_response().file_descriptor_proto(0) == brought); // JSON names, too
}

BOOST_AUTO_TEST_CASE(extension_is_found_by_type_and_number) {
    BOOST_TEST(text_of(extension("d.Base", 102)) == "left.proto base.proto");
    BOOST_TEST(text_of(extension("d.Base", 103)) == "5 unknown extension 103 of d.Base");
    BOOST_TEST(text_of(extension("d.Nothing", 1)) == "5 unknown extension 1 of d.Nothing");
}

BOOST_AUTO_TEST_CASE(extension_numbers_of_a_type_are_listed) {
    auto const r = extension_numbers("d.Base").all_extension_numbers_response();
    BOOST_TEST(r.base_type_name() == "d.Base");
    std::vector<int> const numbers(r.extension_number().begin(), r.extension_number().end());
    BOOST_TEST(numbers == (std::vector<int>{101, 102}), boost::test_tools::per_element());
    auto const none = extension_numbers("d.Top");
    BOOST_TEST(none.has_all_extension_numbers_response());
    BOOST_TEST(none.all_extension_numbers_response().extension_number_size() == 0);
    BOOST_TEST(text_of(extension_numbers("d.Nothing")) == "5 unknown message d.Nothing");
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_not_found_and_the_session_goes_on) {
    for (std::string const name : {"", ".", "d.Nothing", "broken.S", "test.Bytes"})
        BOOST_TEST(text_of(symbol(name)) == "5 unknown symbol " + name);
    BOOST_TEST(text_of(file("nothing.proto")) == "5 unknown file nothing.proto");
    BOOST_TEST(text_of(file("base.proto")) == "base.proto");
}

BOOST_AUTO_TEST_CASE(request_for_nothing_is_an_invalid_argument) {
    BOOST_TEST(s.answer({}).error_response().error_code() == 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace reflection_session_tests
