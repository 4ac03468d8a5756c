package main

import (
	"fmt"
	"os"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

var files *protoregistry.Files

func loadProtos(path string) error {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(bytes, &set); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	files, err = protodesc.NewFiles(&set)
	return err
}

// message is one that only its descriptor describes; fields go by their names.
type message struct{ *dynamicpb.Message }

type fields map[string]any

func newMessage(name string, values fields) message {
	found, err := files.FindDescriptorByName(protoreflect.FullName(name))
	if err != nil {
		panic(err)
	}
	m := message{dynamicpb.NewMessage(found.(protoreflect.MessageDescriptor))}
	for key, value := range values {
		m.set(key, value)
	}
	return m
}

func (m message) set(key string, value any) {
	switch v := value.(type) {
	case int:
		m.Set(m.field(key), protoreflect.ValueOfInt32(int32(v)))
	case map[string]string:
		entries := m.Mutable(m.field(key)).Map()
		for k, text := range v {
			entries.Set(protoreflect.ValueOfString(k).MapKey(), protoreflect.ValueOfString(text))
		}
	default:
		m.Set(m.field(key), protoreflect.ValueOf(value))
	}
}

func (m message) field(name string) protoreflect.FieldDescriptor {
	return m.Descriptor().Fields().ByName(protoreflect.Name(name))
}

func (m message) text(name string) string { return m.Get(m.field(name)).String() }
func (m message) data(name string) []byte { return m.Get(m.field(name)).Bytes() }
func (m message) number(name string) int  { return int(m.Get(m.field(name)).Int()) }

func (m message) entries(name string) map[string]string {
	entries := map[string]string{}
	m.Get(m.field(name)).Map().Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
		entries[k.String()] = v.String()
		return true
	})
	return entries
}

func echoRequest(values fields) message { return newMessage("joust.test.EchoRequest", values) }
func echoReply(values fields) message   { return newMessage("joust.test.EchoReply", values) }
func rpcRequest(values fields) message  { return newMessage("game.grpc.RpcRequest", values) }
func rpcResponse(values fields) message { return newMessage("game.grpc.RpcResponse", values) }

// rawBytes is a message that is sent as it is.
type rawBytes []byte

// rawCodec sends rawBytes, and drops what it receives.
type rawCodec struct{}

func (rawCodec) Marshal(v any) ([]byte, error) { return v.(rawBytes), nil }
func (rawCodec) Unmarshal([]byte, any) error   { return nil }
func (rawCodec) Name() string                  { return "proto" }
