package main

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip" // for compressed_request
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	unaryPath        = "/joust.test.Echo/Unary"
	clientStreamPath = "/joust.test.Echo/ClientStream"
	serverStreamPath = "/joust.test.Echo/ServerStream"
	bidiStreamPath   = "/joust.test.Echo/BidiStream"
)

// echoClient has the four call kinds of joust.test.Echo.
type echoClient struct{ conn *grpc.ClientConn }

func (c echoClient) unary(ctx context.Context, request fields, options ...grpc.CallOption) (message, error) {
	reply := echoReply(nil)
	err := c.conn.Invoke(ctx, unaryPath, echoRequest(request), reply, options...)
	return reply, err
}

func (c echoClient) clientStream(ctx context.Context, requests ...fields) (message, error) {
	s, err := c.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true}, clientStreamPath)
	succeeds(err)
	for _, r := range requests {
		stream{s}.send(echoRequest(r))
	}
	succeeds(s.CloseSend())
	reply := echoReply(nil)
	err = s.RecvMsg(reply)
	return reply, err
}

func (c echoClient) serverStream(ctx context.Context, request fields) stream {
	s := openStream(ctx, c.conn, serverStreamPath)
	s.send(echoRequest(request))
	s.end()
	return s
}

func (c echoClient) bidi(ctx context.Context) stream { return openStream(ctx, c.conn, bidiStreamPath) }

// report is what the server says of this call's deadline, and how many calls were cancelled before it.
func (c echoClient) report(ctx context.Context) (deadline string, cancelled int) {
	var trailer metadata.MD
	_, err := c.unary(metadata.AppendToOutgoingContext(ctx, "x-report", "1"), nil, grpc.Trailer(&trailer))
	succeeds(err)
	require(len(trailer["x-cancelled-calls"]) == 1, "no report in %v", trailer)
	cancelled, err = strconv.Atoi(trailer["x-cancelled-calls"][0])
	succeeds(err)
	return trailer["x-deadline-ms"][0], cancelled
}

// seesCancellation waits until the server has seen one more than before.
func (c echoClient) seesCancellation(before int) {
	for i := 0; i < 100; i++ {
		if _, cancelled := c.report(inTime()); cancelled > before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	require(false, "the server has not seen the cancellation")
}

func everyByte() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

func echoCases(conn *grpc.ClientConn) []testCase {
	c := echoClient{conn}
	return []testCase{
		{"unary", c.testUnary},
		{"client_stream", c.testClientStream},
		{"server_stream", c.testServerStream},
		{"bidi_stream", c.testBidiStream},
		{"empty_streams", c.testEmptyStreams},
		{"status", c.testStatus},
		{"stream_status", c.testStreamStatus},
		{"status_details", c.testStatusDetails},
		{"metadata", c.testMetadata},
		{"deadline", c.testDeadline},
		{"deadline_is_sent", c.testDeadlineIsSent},
		{"cancellation", c.testCancellation},
		{"stream_cancellation", c.testStreamCancellation},
		{"large_message", c.testLargeMessage},
		{"too_large_message", c.testTooLargeMessage},
		{"unimplemented", c.testUnimplemented},
		{"many_calls", c.testManyCalls},
		{"compressed_request", c.testCompressedRequest},
	}
}

func (c echoClient) testUnary() {
	reply, err := c.unary(inTime(), fields{"text": awkward, "data": everyByte()})
	succeeds(err)
	equal(reply.text("text"), awkward)
	require(bytes.Equal(reply.data("data"), everyByte()), "other data")
	_, err = c.unary(inTime(), nil)
	succeeds(err)
}

func (c echoClient) testClientStream() {
	reply, err := c.clientStream(inTime(), fields{"text": "a", "data": []byte("1")}, fields{"text": "ü"},
		fields{"text": "c", "data": []byte("2")})
	succeeds(err)
	equal(reply.text("text"), "aüc")
	equal(string(reply.data("data")), "12")
	equal(reply.number("index"), 3)
}

func (c echoClient) testServerStream() {
	all, err := c.serverStream(inTime(), fields{"text": "x", "count": 500}).rest(echoReply)
	succeeds(err)
	equal(len(all), 500)
	for i, reply := range all {
		equal(reply.number("index"), i)
		equal(reply.text("text"), "x")
	}
}

func (c echoClient) testBidiStream() {
	s := c.bidi(inTime())
	for i := 0; i < 20; i++ { // each answer before the next request
		s.send(echoRequest(fields{"text": strconv.Itoa(i), "count": 2}))
		for index := 0; index < 2; index++ {
			reply := s.receive(echoReply)
			equal(reply.text("text"), strconv.Itoa(i))
			equal(reply.number("index"), index)
		}
	}
	s.end()
	all, err := s.rest(echoReply)
	succeeds(err)
	equal(len(all), 0)
}

func (c echoClient) testEmptyStreams() {
	reply, err := c.clientStream(inTime())
	succeeds(err)
	equal(reply.number("index"), 0)
	none, err := c.serverStream(inTime(), nil).rest(echoReply)
	succeeds(err)
	equal(len(none), 0)
	s := c.bidi(inTime())
	s.end()
	none, err = s.rest(echoReply)
	succeeds(err)
	equal(len(none), 0)
}

func (c echoClient) testStatus() {
	for code := 1; code <= 16; code++ {
		_, err := c.unary(inTime(), fields{"fail_code": code, "fail_message": awkward})
		equal(failsWith(err, codes.Code(code)).Message(), awkward)
	}
	_, err := c.clientStream(inTime(), fields{"text": "a"}, fields{"fail_code": 9, "fail_message": "enough"})
	equal(failsWith(err, codes.FailedPrecondition).Message(), "enough")
}

func (c echoClient) testStreamStatus() {
	all, err := c.serverStream(inTime(), fields{"count": 3, "fail_code": 10, "fail_message": awkward}).rest(echoReply)
	equal(failsWith(err, codes.Aborted).Message(), awkward)
	equal(len(all), 3)
	s := c.bidi(inTime())
	s.send(echoRequest(fields{"count": 1}))
	s.send(echoRequest(fields{"fail_code": 11, "fail_message": "the end"}))
	all, err = s.rest(echoReply)
	equal(failsWith(err, codes.OutOfRange).Message(), "the end")
	equal(len(all), 1)
}

func (c echoClient) testStatusDetails() {
	wanted, err := status.New(codes.NotFound, "abc").WithDetails(durationpb.New(5 * time.Second))
	succeeds(err)
	data, err := proto.Marshal(wanted.Proto())
	succeeds(err)
	_, err = c.unary(inTime(), fields{"fail_code": 5, "fail_message": "abc", "data": data})
	require(proto.Equal(failsWith(err, codes.NotFound).Proto(), wanted.Proto()), "other details: %v", err)
}

func (c echoClient) testMetadata() {
	sent := metadata.Pairs("x-echo-initial", "a b", "x-echo-initial", "c", "x-echo-trailing-bin", string(everyByte()),
		"x-echo-trailing-bin", "", "x-long", strings.Repeat("v", 5000))
	sentWith := func() context.Context { return metadata.NewOutgoingContext(inTime(), sent) }
	check := func(initial, trailing metadata.MD) {
		equal(strings.Join(initial["x-echo-initial"], ", "), "a b, c")
		equal(strings.Join(trailing["x-echo-trailing-bin"], "|"), string(everyByte())+"|")
	}
	var initial, trailing metadata.MD
	_, err := c.unary(sentWith(), nil, grpc.Header(&initial), grpc.Trailer(&trailing))
	succeeds(err)
	check(initial, trailing)
	s := c.serverStream(sentWith(), fields{"count": 1})
	initial, err = s.Header()
	succeeds(err)
	_, err = s.rest(echoReply)
	succeeds(err)
	check(initial, s.Trailer())
	_, err = c.unary(sentWith(), fields{"fail_code": 5}, grpc.Header(&initial), grpc.Trailer(&trailing))
	failsWith(err, codes.NotFound)
	check(initial, trailing)
}

func (c echoClient) testDeadline() {
	_, before := c.report(inTime())
	start := time.Now()
	_, err := c.unary(within(300*time.Millisecond), fields{"delay_ms": 8000})
	failsWith(err, codes.DeadlineExceeded)
	_, err = c.serverStream(within(300*time.Millisecond), fields{"count": 2, "delay_ms": 8000}).rest(echoReply)
	failsWith(err, codes.DeadlineExceeded)
	require(time.Since(start) < 5*time.Second, "took %v", time.Since(start))
	c.seesCancellation(before)
}

func (c echoClient) testDeadlineIsSent() {
	for _, limit := range []time.Duration{2 * time.Second, 90 * time.Second, 10 * time.Hour} {
		text, _ := c.report(within(limit))
		ms, err := strconv.Atoi(text)
		succeeds(err)
		left := time.Duration(ms) * time.Millisecond
		require(left > limit-1500*time.Millisecond && left <= limit+time.Second, "%v of %v", left, limit)
	}
	text, _ := c.report(context.Background())
	equal(text, "none")
}

func (c echoClient) testCancellation() {
	_, before := c.report(inTime())
	ctx, cancel := context.WithCancel(inTime())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err := c.unary(ctx, fields{"delay_ms": 8000})
	failsWith(err, codes.Canceled)
	c.seesCancellation(before)
}

func (c echoClient) testStreamCancellation() {
	_, before := c.report(inTime())
	ctx, cancel := context.WithCancel(inTime())
	s := c.bidi(ctx)
	s.send(echoRequest(fields{"text": "x", "count": 1}))
	equal(s.receive(echoReply).text("text"), "x")
	cancel()
	_, err := s.rest(echoReply)
	failsWith(err, codes.Canceled)
	c.seesCancellation(before)
}

func (c echoClient) testLargeMessage() {
	data := bytes.Repeat([]byte("joust!!!"), 3*mib/8)
	check := func(all []message, count int, err error) {
		succeeds(err)
		equal(len(all), count)
		for _, reply := range all {
			require(bytes.Equal(reply.data("data"), data), "other data")
		}
	}
	reply, err := c.unary(inTime(), fields{"data": data})
	check([]message{reply}, 1, err)
	third := fields{"data": data[:mib]}
	reply, err = c.clientStream(inTime(), third, third, third)
	check([]message{reply}, 1, err)
	all, err := c.serverStream(inTime(), fields{"data": data, "count": 4}).rest(echoReply)
	check(all, 4, err)
	s := c.bidi(inTime())
	s.send(echoRequest(fields{"data": data, "count": 2}))
	s.end()
	all, err = s.rest(echoReply)
	check(all, 2, err)
}

func (c echoClient) testTooLargeMessage() {
	_, err := c.unary(inTime(), fields{"data": make([]byte, 5*mib)})
	failsWith(err, codes.ResourceExhausted)
	_, err = c.unary(inTime(), nil)
	succeeds(err)
}

func (c echoClient) testUnimplemented() {
	for _, path := range []string{"/joust.test.Echo/Nothing", "/joust.test.Nobody/Unary"} {
		failsWith(c.conn.Invoke(inTime(), path, echoRequest(nil), echoReply(nil)), codes.Unimplemented)
	}
}

func (c echoClient) testManyCalls() {
	const calls = 300
	var all sync.WaitGroup
	texts, failures := make([]string, calls), make([]error, calls)
	for i := 0; i < calls; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			reply, err := c.unary(inTime(), fields{"text": strconv.Itoa(i), "delay_ms": i % 40})
			texts[i], failures[i] = reply.text("text"), err
		}()
	}
	all.Wait()
	for i := range texts {
		succeeds(failures[i])
		equal(texts[i], strconv.Itoa(i))
	}
}

// Refused if the server does not know gzip; the connection goes on either way.
func (c echoClient) testCompressedRequest() {
	text := strings.Repeat("x", 1000)
	reply, err := c.unary(inTime(), fields{"text": text}, grpc.UseCompressor("gzip"))
	if err != nil {
		failsWith(err, codes.Unimplemented)
	} else {
		equal(reply.text("text"), text)
	}
	_, err = c.unary(inTime(), nil)
	succeeds(err)
}
