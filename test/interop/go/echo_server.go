package main

import (
	"context"
	"errors"
	"io"
	"strconv"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var cancelledCalls atomic.Int64

// addEcho serves joust.test.Echo as test/support/echo_service.hpp does.
func addEcho(server *grpc.Server) {
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "joust.test.Echo",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Unary", Handler: serveUnary}},
		Streams: []grpc.StreamDesc{
			{StreamName: "ClientStream", ClientStreams: true, Handler: echoStream(serveClientStream)},
			{StreamName: "ServerStream", ServerStreams: true, Handler: echoStream(serveServerStream)},
			{StreamName: "BidiStream", ClientStreams: true, ServerStreams: true, Handler: echoStream(serveBidiStream)},
		},
	}, nil)
}

// echoMetadata gives what the request's metadata ask for.
func echoMetadata(ctx context.Context) (initial, trailing metadata.MD) {
	initial, trailing = metadata.MD{}, metadata.MD{}
	sent, _ := metadata.FromIncomingContext(ctx)
	initial.Append("x-echo-initial", sent["x-echo-initial"]...)
	trailing.Append("x-echo-trailing-bin", sent["x-echo-trailing-bin"]...)
	if len(sent["x-report"]) != 0 {
		left := "none"
		if deadline, ok := ctx.Deadline(); ok {
			left = strconv.FormatInt(time.Until(deadline).Milliseconds(), 10)
		}
		trailing.Append("x-deadline-ms", left)
		trailing.Append("x-cancelled-calls", strconv.FormatInt(cancelledCalls.Load(), 10))
	}
	return initial, trailing
}

func countCancelled(ctx context.Context) {
	if ctx.Err() != nil {
		cancelledCalls.Add(1)
	}
}

// failure is the status that the request wants, with its data as the details.
func failure(request message) (metadata.MD, error) {
	code := codes.Code(request.number("fail_code"))
	if code == codes.OK {
		return nil, nil
	}
	details := metadata.MD{}
	if data := request.data("data"); len(data) != 0 {
		details.Set("grpc-status-details-bin", string(data))
	}
	return details, status.Error(code, request.text("fail_message"))
}

func pause(ctx context.Context, request message) error {
	select {
	case <-time.After(time.Duration(request.number("delay_ms")) * time.Millisecond):
		return nil
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
}

func serveUnary(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	defer countCancelled(ctx)
	request := echoRequest(nil)
	if err := decode(request); err != nil {
		return nil, err
	}
	initial, trailing := echoMetadata(ctx)
	_ = grpc.SetHeader(ctx, initial)
	_ = grpc.SetTrailer(ctx, trailing)
	if err := pause(ctx, request); err != nil {
		return nil, err
	}
	if details, err := failure(request); err != nil {
		_ = grpc.SetTrailer(ctx, details)
		return nil, err
	}
	return echoReply(fields{"text": request.text("text"), "data": request.data("data")}), nil
}

func echoStream(serve func(grpc.ServerStream) error) grpc.StreamHandler {
	return func(_ any, s grpc.ServerStream) error {
		defer countCancelled(s.Context())
		initial, trailing := echoMetadata(s.Context())
		_ = s.SetHeader(initial)
		s.SetTrailer(trailing)
		return serve(s)
	}
}

// receiveEach handles requests until the client half-closes.
func receiveEach(s grpc.ServerStream, empty func(fields) message, handle func(message) error) error {
	for {
		request := empty(nil)
		if err := s.RecvMsg(request); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := handle(request); err != nil {
			return err
		}
	}
}

func serveClientStream(s grpc.ServerStream) error {
	text, data, count := "", []byte{}, 0
	err := receiveEach(s, echoRequest, func(request message) error {
		if details, err := failure(request); err != nil {
			s.SetTrailer(details)
			return err
		}
		text += request.text("text")
		data = append(data, request.data("data")...)
		count++
		return pause(s.Context(), request)
	})
	if err != nil {
		return err
	}
	return s.SendMsg(echoReply(fields{"text": text, "data": data, "index": count}))
}

// sendReplies sends what one request asks for.
func sendReplies(s grpc.ServerStream, request message) error {
	for i := 0; i < request.number("count"); i++ {
		if err := pause(s.Context(), request); err != nil {
			return err
		}
		reply := echoReply(fields{"text": request.text("text"), "data": request.data("data"), "index": i})
		if err := s.SendMsg(reply); err != nil {
			return err
		}
	}
	details, err := failure(request)
	s.SetTrailer(details)
	return err
}

func serveServerStream(s grpc.ServerStream) error {
	request := echoRequest(nil)
	if err := s.RecvMsg(request); err != nil {
		return err
	}
	return sendReplies(s, request)
}

func serveBidiStream(s grpc.ServerStream) error {
	return receiveEach(s, echoRequest, func(request message) error { return sendReplies(s, request) })
}
