package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// hostGates lets through, for each host on its own, so many requests at once and
// with such a delay between them. (A colly LimitRule is one pool for all the
// hosts that it matches.)
type hostGates struct {
	next http.RoundTripper
	// rule gives a host's manners when it is met first.
	rule func(*url.URL) (manners, error)

	mu    sync.Mutex
	hosts map[string]*hostGate
}

// manners are the rules for one host.
type manners struct {
	delay       time.Duration
	concurrency int
	local       bool // on this machine: Crawl-delay does not matter
}

type hostGate struct {
	slots chan struct{}
	turn  chan struct{} // of capacity one: who waits for the delay to pass
	local bool

	mu    sync.Mutex
	delay time.Duration
	free  time.Time // when the next request may start
}

func (g *hostGates) gate(u *url.URL) (*hostGate, error) {
	key := hostKey(u)
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.hosts[key]; h != nil {
		return h, nil
	}
	m, err := g.rule(u)
	if err != nil {
		return nil, err
	}
	h := &hostGate{
		slots: make(chan struct{}, max(1, m.concurrency)), turn: make(chan struct{}, 1),
		delay: m.delay, local: m.local,
	}
	if g.hosts == nil {
		g.hosts = map[string]*hostGate{}
	}
	g.hosts[key] = h
	return h, nil
}

// crawlDelay raises the delay of u's host to what its robots.txt asks for.
func (g *hostGates) crawlDelay(u *url.URL, d time.Duration) {
	h, err := g.gate(u)
	if err != nil || h.local {
		return
	}
	h.mu.Lock()
	h.delay = max(h.delay, min(d, MaxCrawlDelay))
	h.mu.Unlock()
}

func (g *hostGates) RoundTrip(req *http.Request) (*http.Response, error) {
	h, err := g.gate(req.URL)
	if err != nil {
		return nil, err
	}
	if err := h.enter(req.Context()); err != nil {
		return nil, fmt.Errorf("waiting for a turn on %s: %w", req.URL.Host, err)
	}
	defer h.leave()
	return g.next.RoundTrip(req)
}

func (h *hostGate) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	h.mu.Lock()
	none := h.delay == 0
	h.mu.Unlock()
	if none {
		return nil
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		<-h.slots
		return ctx.Err()
	}
	h.mu.Lock()
	wait := time.Until(h.free)
	h.mu.Unlock()
	if !sleep(ctx, wait) {
		<-h.slots
		return ctx.Err()
	}
	h.mu.Lock()
	h.free = time.Now().Add(h.delay)
	h.mu.Unlock()
	return nil
}

func (h *hostGate) leave() {
	h.mu.Lock()
	h.free = time.Now().Add(h.delay)
	h.mu.Unlock()
	<-h.slots
}
