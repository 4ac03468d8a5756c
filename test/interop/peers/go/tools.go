//go:build tools

// Package peers pins the stock interop programs of grpc-go.
package peers

import (
	_ "google.golang.org/grpc/interop/client"
	_ "google.golang.org/grpc/interop/server"
)
