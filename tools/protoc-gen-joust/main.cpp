//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The plugin of protoc that writes joust's code: protoc --cpp_out=DIR --joust_out=DIR greeter.proto

#include "generator.hpp"

#include <google/protobuf/compiler/code_generator.h>
#include <google/protobuf/compiler/cpp/names.h>
#include <google/protobuf/compiler/plugin.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <cstdint>
#include <memory>
#include <string>

namespace pb = google::protobuf;

namespace {

class plugin final : public pb::compiler::CodeGenerator {
public:
    bool Generate(pb::FileDescriptor const* file, std::string const& parameter, pb::compiler::GeneratorContext* context,
                  std::string* error) const override {
        if (!parameter.empty()) {
            *error = "protoc-gen-joust has no option '" + parameter + "'";
            return false;
        }
        std::unique_ptr<pb::io::ZeroCopyOutputStream> const out(
            context->Open(pb::compiler::cpp::StripProto(file->name()) + ".joust.hpp"));
        pb::io::CodedOutputStream(out.get()).WriteString(joust::codegen::generate(*file));
        return true;
    }

    std::uint64_t GetSupportedFeatures() const override { return FEATURE_PROTO3_OPTIONAL; }
};

} // namespace

int main(int argc, char** argv) {
    plugin const generator;
    return pb::compiler::PluginMain(argc, argv, &generator);
}
