package main

import (
	"context"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

const (
	callPath       = "/game.grpc.GameService/Call"
	streamCallPath = "/game.grpc.GameService/StreamCall"
)

type gameClient struct{ conn *grpc.ClientConn }

// object is a JSON object.
type object = map[string]any

// request has arguments as a value, as JSON text, or none (nil).
func request(name string, arguments any) fields {
	dot := strings.LastIndex(name, ".")
	payload, isText := arguments.(string)
	if arguments != nil && !isText {
		bytes, err := json.Marshal(arguments)
		succeeds(err)
		payload = string(bytes)
	}
	return fields{"service_name": name[:dot], "method_name": name[dot+1:], "payload": []byte(payload)}
}

func player(id string) fields { return request("logic.get_player_info", object{"player_id": id}) }

// with adds to a request.
func (f fields) with(key string, value any) fields {
	f[key] = value
	return f
}

var manyAnswers = map[string]string{"joust-answers": "many"}

func (c gameClient) try(ctx context.Context, r fields) (message, error) {
	response := rpcResponse(nil)
	err := c.conn.Invoke(ctx, callPath, rpcRequest(r), response)
	return response, err
}

func (c gameClient) call(name string, arguments any) message {
	response, err := c.try(inTime(), request(name, arguments))
	succeeds(err)
	return response
}

func (c gameClient) answers(requests ...fields) []message {
	s := openStream(inTime(), c.conn, streamCallPath)
	go func() { // the server need not read on while its answers are not read
		for _, r := range requests {
			if s.SendMsg(rpcRequest(r)) != nil {
				return // receiving says why
			}
		}
		_ = s.CloseSend()
	}()
	all, err := s.rest(rpcResponse)
	succeeds(err)
	return all
}

func parsed(response message) any {
	var value any
	err := json.Unmarshal(response.data("payload"), &value)
	require(err == nil, "%v in %.200q", err, response.data("payload"))
	return value
}

func member(response message, name string) any {
	value, _ := parsed(response).(object)
	return value[name]
}

func success(response message, wanted any) {
	equal(response.number("code"), 0)
	equal(response.text("message"), "success")
	require(reflect.DeepEqual(parsed(response), wanted), "got %s, wanted %v", response.data("payload"), wanted)
}

func refused(response message, code int, said string) {
	equal(response.number("code"), code)
	require(strings.Contains(response.text("message"), said), "no %q in %q", said, response.text("message"))
	equal(len(response.data("payload")), 0)
}

func gameCases(conn *grpc.ClientConn) []testCase {
	c := gameClient{conn}
	return []testCase{
		{"call", c.testCall},
		{"empty_answer", c.testEmptyAnswer},
		{"unknown_service", func() { refused(c.call("nowhere.get", nil), 404, "nowhere") }},
		{"unknown_method", func() { refused(c.call("logic.nothing", nil), 404, "nothing") }},
		{"bad_arguments", c.testBadArguments},
		{"handler_error", c.testHandlerError},
		{"handler_crash", c.testHandlerCrash},
		{"time_limit", func() { refused(c.call("logic.slow", object{"ms": 60_000}), 504, "logic.slow") }},
		{"unicode", c.testUnicode},
		{"large_message", c.testLargeMessage},
		{"unparsable_request", c.testUnparsableRequest},
		{"deadline", c.testDeadline},
		{"cancellation", c.testCancellation},
		{"many_calls", c.testManyCalls},
		{"stream", c.testStream},
		{"stream_lock_step", c.testStreamLockStep},
		{"stream_whole_name", c.testStreamWholeName},
		{"stream_errors", c.testStreamErrors},
		{"stream_half_close", func() { equal(len(c.answers()), 0) }},
		{"stream_many_answers", c.testStreamManyAnswers},
		{"stream_large_messages", c.testStreamLargeMessages},
		{"stream_deadline", c.testStreamDeadline},
		{"stream_cancellation", c.testStreamCancellation},
	}
}

func (c gameClient) testCall() {
	response := c.call("logic.get_player_info", object{"player_id": "42"})
	equal(string(response.data("payload")), `{"player_id":"42","level":10,"name":"Player 42"}`)
	success(response, object{"player_id": "42", "level": 10.0, "name": "Player 42"})
}

func (c gameClient) testEmptyAnswer() {
	response := c.call("logic.fail", object{"code": 0, "message": ""})
	equal(response.text("message"), "success")
	equal(len(response.data("payload")), 0)
}

func (c gameClient) testBadArguments() {
	for _, bad := range []struct {
		arguments any
		said      string
	}{{nil, "player_id"}, {object{"player_id": 1}, "player_id"}, {"[]", "object"}, {"{", ""},
		{object{"player_id": "1", "extra": 1}, "extra"}} {
		refused(c.call("logic.get_player_info", bad.arguments), 400, bad.said)
	}
}

func (c gameClient) testHandlerError() {
	for _, code := range []int{400, 404, 429, 503, 504, 999, -1} {
		refused(c.call("logic.fail", object{"code": code, "message": "größer 🎲"}), code, "größer 🎲")
	}
}

func (c gameClient) testHandlerCrash() {
	response := c.call("logic.crash", nil)
	refused(response, 500, "logic.crash: the handler failed (call id ")
	require(!strings.Contains(response.text("message"), "secret"), "%s", response.text("message"))
}

func (c gameClient) testUnicode() {
	text := "größer 你好 🎲 \" \\ \x00 \u2028"
	response := c.call("chat.say", object{"room": "go", "from": "ü", "text": text})
	equal(member(response, "text"), any(text))
	require(strings.Contains(string(response.data("payload")), "größer 你好 🎲"), "escaped")
}

func (c gameClient) testLargeMessage() {
	text := strings.Repeat("x", 3*mib)
	equal(member(c.call("chat.say", object{"room": "go", "from": "", "text": text}), "text"), any(text))
}

func (c gameClient) testUnparsableRequest() {
	err := c.conn.Invoke(inTime(), callPath, rawBytes("\xff\xff"), nil, grpc.ForceCodec(rawCodec{}))
	failsWith(err, codes.Internal)
	good := rpcRequest(player("1"))
	succeeds(c.conn.Invoke(inTime(), callPath, good, rpcResponse(nil)))
}

func (c gameClient) testDeadline() {
	_, err := c.try(within(300*time.Millisecond), request("logic.slow", object{"ms": 60_000}))
	failsWith(err, codes.DeadlineExceeded)
}

func (c gameClient) testCancellation() {
	ctx, cancel := context.WithCancel(inTime())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := c.try(ctx, request("logic.slow", object{"ms": 60_000}))
	failsWith(err, codes.Canceled)
	equal(c.call("logic.get_player_info", object{"player_id": "1"}).number("code"), 0)
}

func (c gameClient) testManyCalls() {
	const calls = 300
	var all sync.WaitGroup
	responses, failures := make([]message, calls), make([]error, calls)
	for i := 0; i < calls; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			responses[i], failures[i] = c.try(inTime(), request("logic.slow", object{"ms": i % 40}))
		}()
	}
	all.Wait()
	for i := range responses {
		succeeds(failures[i])
		success(responses[i], object{"ms": float64(i % 40)})
	}
}

func (c gameClient) testStream() {
	requests := []fields{request("logic.slow", object{"ms": 50})}
	for i := 0; i < 1000; i++ {
		requests = append(requests, player(strconv.Itoa(i)))
	}
	all := c.answers(requests...)
	equal(len(all), 1001)
	success(all[0], object{"ms": 50.0})
	for i, response := range all[1:] {
		equal(member(response, "player_id"), any(strconv.Itoa(i)))
	}
}

func (c gameClient) testStreamLockStep() {
	s := openStream(inTime(), c.conn, streamCallPath)
	for level := 0; level < 10; level++ {
		s.send(rpcRequest(request("logic.batch_update", object{"player_id": "go", "level": level})))
		success(s.receive(rpcResponse), true)
	}
	s.end()
	all, err := s.rest(rpcResponse)
	succeeds(err)
	equal(len(all), 0)
}

func (c gameClient) testStreamWholeName() {
	whole := player("w").with("service_name", "").with("method_name", "logic.get_player_info")
	all := c.answers(whole)
	equal(len(all), 1)
	equal(member(all[0], "player_id"), any("w"))
}

func (c gameClient) testStreamErrors() {
	all := c.answers(player("1"), request("logic.get_player_info", "{"), player("1"), request("a.b", nil), player("1"),
		request("logic.fail", object{"code": 429, "message": "slow down"}), player("1"))
	equal(len(all), 7)
	for i, code := range []int{0, 400, 0, 404, 0, 429, 0} {
		equal(all[i].number("code"), code)
	}
}

func (c gameClient) testStreamManyAnswers() {
	c.call("chat.say", object{"room": "many", "from": "go", "text": "a"})
	c.call("chat.say", object{"room": "many", "from": "go", "text": "b"})
	history := func() fields { return request("chat.history", object{"room": "many"}) }
	all := c.answers(history().with("metadata", manyAnswers), history())
	equal(len(all), 4)
	for i, said := range []string{"more", "more", "success", "success"} {
		equal(all[i].text("message"), said)
		equal(all[i].number("code"), 0)
	}
	list, _ := parsed(all[3]).([]any)
	equal(len(list), 2)
}

func (c gameClient) testStreamLargeMessages() {
	text := strings.Repeat("x", 2*mib)
	var requests []fields
	for i := 0; i < 4; i++ {
		requests = append(requests, request("chat.say", object{"room": "bulk", "from": strconv.Itoa(i), "text": text}))
	}
	all := c.answers(requests...)
	equal(len(all), 4)
	for i, response := range all {
		equal(member(response, "from"), any(strconv.Itoa(i)))
	}
}

func (c gameClient) testStreamDeadline() {
	s := openStream(within(300*time.Millisecond), c.conn, streamCallPath)
	s.send(rpcRequest(player("1")))
	equal(s.receive(rpcResponse).number("code"), 0)
	_, err := s.rest(rpcResponse)
	failsWith(err, codes.DeadlineExceeded)
}

func (c gameClient) testStreamCancellation() {
	ctx, cancel := context.WithCancel(inTime())
	s := openStream(ctx, c.conn, streamCallPath)
	s.send(rpcRequest(player("1")))
	equal(s.receive(rpcResponse).number("code"), 0)
	cancel()
	_, err := s.rest(rpcResponse)
	failsWith(err, codes.Canceled)
	equal(c.call("logic.get_player_info", object{"player_id": "1"}).number("code"), 0)
}
