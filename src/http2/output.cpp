//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/output.hpp"

namespace joust::http2 {

namespace {

constexpr std::size_t max_free_nodes = 256;
constexpr std::size_t max_kept_message = 4096;
constexpr std::size_t max_kept_output = 16 * 1024;

} // namespace

outgoing_pool::~outgoing_pool() {
    while (free_ != nullptr) {
        outgoing* const next = free_->next;
        delete free_;
        free_ = next;
    }
}

outgoing* outgoing_pool::acquire() {
    outgoing* node = free_;
    if (node != nullptr) {
        free_ = node->next;
        --free_count_;
        node->next = nullptr;
    } else {
        node = new outgoing;
    }
    node->references = 1;
    return node;
}

void outgoing_pool::release(outgoing* node) noexcept {
    if (--node->references != 0)
        return;
    if (free_count_ >= max_free_nodes) {
        delete node;
        return;
    }
    if (node->data.capacity() > max_kept_message)
        node->data = buffer();
    else
        node->data.clear();
    node->offset = 0;
    node->next = free_;
    free_ = node;
    ++free_count_;
}

void output::refer(outgoing& node, std::size_t offset, std::size_t n) {
    references_.push_back({copied_.size(), &node, offset, n});
    ++node.references;
    referenced_ += n;
}

void output::pieces(std::vector<std::span<std::uint8_t const>>& into) const {
    std::span<std::uint8_t const> const copied = copied_.bytes();
    std::size_t done = 0;
    for (reference const& r : references_) {
        if (r.at != done)
            into.push_back(copied.subspan(done, r.at - done));
        done = r.at;
        into.push_back(r.node->data.bytes().subspan(r.offset, r.size));
    }
    if (done != copied.size())
        into.push_back(copied.subspan(done));
}

void output::clear() noexcept {
    for (reference const& r : references_)
        pool_.release(r.node);
    references_.clear();
    referenced_ = 0;
    if (copied_.capacity() > max_kept_output)
        copied_ = buffer();
    else
        copied_.clear();
}

} // namespace joust::http2
