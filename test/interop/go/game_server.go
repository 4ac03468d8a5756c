package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// addGame serves a GameService with the methods of ../game_peer.py.
func addGame(server *grpc.Server) {
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "game.grpc.GameService",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Call", Handler: serveCall}},
		Streams: []grpc.StreamDesc{
			{StreamName: "StreamCall", ClientStreams: true, ServerStreams: true, Handler: serveStreamCall},
		},
	}, nil)
}

func serveCall(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	r := rpcRequest(nil)
	if err := decode(r); err != nil {
		return nil, err
	}
	var response message
	trailer, err := answer(ctx, r, func(m message) error { response = m; return nil })
	_ = grpc.SetTrailer(ctx, trailer)
	return response, err
}

func serveStreamCall(_ any, s grpc.ServerStream) error {
	return receiveEach(s, rpcRequest, func(request message) error {
		trailer, err := answer(s.Context(), request, func(m message) error { return s.SendMsg(m) })
		s.SetTrailer(trailer)
		return err
	})
}

func withJSON(value any) message {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return withPayload(bytes.TrimRight(text.Bytes(), "\n"))
}

func withPayload(payload []byte) message {
	return rpcResponse(fields{"message": "success", "payload": payload})
}

// answer sends the responses to one request; an error is the call's status.
func answer(ctx context.Context, request message, send func(message) error) (metadata.MD, error) {
	var arguments struct {
		Code    int
		Message string
		Ms      int
		Count   int
		Bytes   int
	}
	payload := request.data("payload")
	_ = json.Unmarshal(payload, &arguments)
	method := request.text("method_name")
	switch method[strings.LastIndex(method, ".")+1:] {
	case "echo":
		return nil, send(withPayload(payload))
	case "slow":
		time.Sleep(time.Duration(arguments.Ms) * time.Millisecond)
		return nil, send(withPayload(payload))
	case "describe":
		return nil, send(withJSON(describe(ctx, request)))
	case "fail":
		return nil, send(rpcResponse(fields{"code": arguments.Code, "message": arguments.Message}))
	case "end":
		return metadata.Pairs("x-ended", "yes"), status.Error(codes.Code(arguments.Code), arguments.Message)
	case "push":
		return nil, push(arguments.Count, request.entries("metadata")["joust-answers"] == "many", send)
	case "big":
		return nil, send(withJSON(strings.Repeat("x", arguments.Bytes)))
	case "nothing":
		return nil, send(withPayload(nil))
	case "broken":
		return nil, send(withPayload([]byte(`{"a":`)))
	}
	text := fmt.Sprintf("%s.%s: no such method", request.text("service_name"), method)
	return nil, send(rpcResponse(fields{"code": 404, "message": text}))
}

func push(count int, many bool, send func(message) error) error {
	all := []any{}
	for i := 0; i < count; i++ {
		all = append(all, i)
	}
	if !many {
		return send(withJSON(append(all, "end")))
	}
	for _, value := range all {
		pushed := withJSON(value)
		pushed.set("message", "more")
		if err := send(pushed); err != nil {
			return err
		}
	}
	return send(withJSON("end"))
}

func describe(ctx context.Context, request message) object {
	headers := map[string]string{}
	sent, _ := metadata.FromIncomingContext(ctx)
	for key, values := range sent {
		texts := append([]string(nil), values...)
		if strings.HasSuffix(key, "-bin") {
			for i := range texts {
				texts[i] = base64.RawStdEncoding.EncodeToString([]byte(texts[i]))
			}
		}
		headers[key] = strings.Join(texts, ", ")
	}
	var left any
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline).Milliseconds()
	}
	return object{"service": request.text("service_name"), "method": request.text("method_name"),
		"payload": string(request.data("payload")), "metadata": request.entries("metadata"), "headers": headers,
		"deadline_ms": left}
}
