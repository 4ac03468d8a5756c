package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	mib       = 1024 * 1024
	callLimit = 10 * time.Second
	caseLimit = 15 * time.Second
	awkward   = "100% größer\t你好 🎲"
)

type testCase struct {
	name string
	run  func()
}

type failed struct{ why string }

// require ends the case unless it holds.
func require(holds bool, format string, values ...any) {
	if !holds {
		panic(failed{fmt.Sprintf(format, values...)})
	}
}

func equal[T comparable](got, wanted T) {
	require(got == wanted, "got %.200v, wanted %.200v", got, wanted)
}

func succeeds(err error) { require(err == nil, "%v", err) }

func failsWith(err error, code codes.Code) *status.Status {
	s := status.Convert(err)
	equal(s.Code(), code)
	return s
}

// within gives a context for one call. It ends with the case, or at its deadline.
func within(limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	time.AfterFunc(caseLimit, cancel)
	return ctx
}

func inTime() context.Context { return within(callLimit) }

func runCases(cases []testCase) (exitCode int) {
	for _, c := range cases {
		why := make(chan string, 1)
		go func() {
			defer func() {
				switch e := recover().(type) {
				case nil:
					why <- ""
				case failed:
					why <- e.why
				default:
					why <- fmt.Sprint(e)
				}
			}()
			c.run()
		}()
		reason := fmt.Sprintf("not done after %v", caseLimit)
		select {
		case reason = <-why:
		case <-time.After(caseLimit):
		}
		if reason == "" {
			fmt.Println("ok", c.name)
			continue
		}
		exitCode = 1
		fmt.Println("FAIL", c.name, strings.Join(strings.Fields(reason), " "))
	}
	return exitCode
}

// stream is any call that is not unary.
type stream struct{ grpc.ClientStream }

func openStream(ctx context.Context, conn *grpc.ClientConn, path string, options ...grpc.CallOption) stream {
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, path, options...)
	succeeds(err)
	return stream{s}
}

func (s stream) send(m any) {
	// io.EOF: the call has ended; receiving says how.
	if err := s.SendMsg(m); !errors.Is(err, io.EOF) {
		succeeds(err)
	}
}

func (s stream) end() { succeeds(s.CloseSend()) }

func (s stream) receive(empty func(fields) message) message {
	m := empty(nil)
	succeeds(s.RecvMsg(m))
	return m
}

// rest gives what is still to come, and how the call ended: nil is OK.
func (s stream) rest(empty func(fields) message) (all []message, err error) {
	for {
		m := empty(nil)
		if err := s.RecvMsg(m); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return all, err
		}
		all = append(all, m)
	}
}
