// Command interop is a stock gRPC peer of joust, both sides.
//
//	interop -protos FILE client ADDRESS echo|game   calls echo_server or game_server, prints a line for each case
//	interop -protos FILE server [HOST:PORT]         Echo and GameService for our clients, until SIGTERM
//
// FILE is a descriptor set of protos/*.proto, so nothing is generated.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("interop: ")
	protos := flag.String("protos", "protos.pb", "descriptor set")
	flag.Parse()
	if err := loadProtos(*protos); err != nil {
		log.Fatal(err)
	}
	switch {
	case flag.NArg() == 3 && flag.Arg(0) == "client" && flag.Arg(2) == "echo":
		os.Exit(runClient(flag.Arg(1), echoCases))
	case flag.NArg() == 3 && flag.Arg(0) == "client" && flag.Arg(2) == "game":
		os.Exit(runClient(flag.Arg(1), gameCases))
	case flag.NArg() == 1 && flag.Arg(0) == "server":
		runServer("127.0.0.1:0")
	case flag.NArg() == 2 && flag.Arg(0) == "server":
		runServer(flag.Arg(1))
	default:
		log.Fatal("usage: interop -protos FILE client ADDRESS echo|game, or server [HOST:PORT]")
	}
}

func runClient(address string, cases func(*grpc.ClientConn) []testCase) int {
	conn, err := dial(address)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	return runCases(cases(conn))
}

func dial(address string, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	options = append(options, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy())
	return grpc.NewClient("passthrough:///"+address, options...)
}

func runServer(address string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	addEcho(server)
	addGame(server)
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-ended
		server.Stop()
	}()
	fmt.Println("listening on", listener.Addr())
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
