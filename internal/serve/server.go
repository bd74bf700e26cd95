package serve

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"
)

// server is what the handlers share.
type server struct {
	model   Model
	options Options
	batcher *batcher
	metrics *metrics
	cutting chan struct{} // a place for each passage that is segmented at once
	ending  atomic.Bool
}

func newServer(m Model, o Options) *server {
	s := &server{model: m, options: o.withDefaults(), cutting: make(chan struct{}, runtime.GOMAXPROCS(0))}
	s.metrics = newMetrics(func() float64 { return s.batcher.depth() })
	s.batcher = newBatcher(m, s.options.Queue, s.metrics.observeBatch)
	return s
}

// Serve answers requests until ctx is done. Then it takes no new ones, answers
// those that were begun, and returns nil. It closes the listener.
func Serve(ctx context.Context, listener net.Listener, m Model, o Options) error {
	s := newServer(m, o)
	defer s.batcher.end()
	h := &http.Server{
		Handler:           s.handler(Loopback(listener.Addr())),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      s.options.AnswerTime + 60*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // clients that break off are no news
	}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(netutil.LimitListener(listener, maxConnections)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.ending.Store(true)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.DrainTime)
	defer cancel()
	err := h.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		h.Close()
		return errors.New("some requests were not answered in time and were broken off")
	}
	return err
}

// Loopback tells whether only this machine can reach an address.
func Loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
