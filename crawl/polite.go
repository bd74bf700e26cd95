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
	rule   func(*url.URL) (manners, error)
	limits Limits

	mu    sync.Mutex
	hosts map[string]*hostGate
}

type hostGate struct {
	slots *slots
	turn  chan struct{} // of capacity one: who waits for the delay to pass
	local bool

	mu      sync.Mutex
	delay   time.Duration // as configured
	robots  time.Duration // as robots.txt asks for
	average time.Duration // of the latest answers
	free    time.Time     // when the next request may start
	resting time.Time     // until when the host is left alone for its trouble
	circuit circuit
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
		slots: newSlots(max(1, m.concurrency)), turn: make(chan struct{}, 1),
		delay: m.delay, local: m.local,
	}
	if g.hosts == nil {
		g.hosts = map[string]*hostGate{}
	}
	g.hosts[key] = h
	return h, nil
}

// configure gives u's host other manners, where requests to it went before: under those
// of no site, if a robots.txt redirected there, or of fewer sites.
func (g *hostGates) configure(u *url.URL, m manners) {
	g.mu.Lock()
	h := g.hosts[hostKey(u)]
	g.mu.Unlock()
	if h == nil {
		return
	}
	h.slots.resize(max(1, m.concurrency))
	h.mu.Lock()
	h.delay = m.delay
	h.mu.Unlock()
}

// crawlDelay raises the delay of u's host to what its robots.txt asks for.
func (g *hostGates) crawlDelay(u *url.URL, d time.Duration) {
	h, err := g.gate(u)
	if err != nil || h.local {
		return
	}
	h.mu.Lock()
	h.robots = max(h.robots, min(d, MaxCrawlDelay))
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
	begun := time.Now()
	resp, err := g.next.RoundTrip(req)
	h.leave(begun, time.Now(), resp, err, g.limits)
	return resp, err
}

// enter waits for a slot of the host, and then for its delay or rest to pass.
func (h *hostGate) enter(ctx context.Context) error {
	if err := h.slots.take(ctx); err != nil {
		return err
	}
	if err := h.wait(ctx); err != nil {
		h.slots.free()
		return err
	}
	return nil
}

func (h *hostGate) wait(ctx context.Context) error {
	h.mu.Lock()
	now, down := h.delay == 0 && h.robots == 0 && !time.Now().Before(h.free), h.circuit.down
	h.mu.Unlock()
	if down {
		return errHostDown
	}
	if now {
		return nil
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		h.mu.Lock()
		wait, down := time.Until(h.free), h.circuit.down
		if wait <= 0 && !down {
			h.free = time.Now().Add(h.pace())
		}
		h.mu.Unlock()
		if down {
			return errHostDown
		}
		if wait <= 0 {
			return nil
		}
		if !sleep(ctx, wait) {
			return ctx.Err()
		}
	}
}

// pace is the time to leave between two requests: what is configured or robots.txt asks for, or as long
// as the host needs for an answer where that is longer. A host under load so is
// asked half of the time at most. The host of this machine is spared nothing.
func (h *hostGate) pace() time.Duration {
	if h.local {
		return h.delay
	}
	return max(h.delay, h.robots, min(h.average, MaxCrawlDelay))
}

// leave gives the slot back and learns from how the request went.
func (h *hostGate) leave(begun, now time.Time, resp *http.Response, err error, limits Limits) {
	h.mu.Lock()
	defer h.mu.Unlock()
	defer h.slots.free()
	h.average = (h.average + now.Sub(begun)) / 2
	rest := h.circuit.after(begun, now, err, limits.RetryWait)
	if resp != nil && (resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable) {
		// The host asks for a rest, not only for that page.
		rest = max(rest, min(retryAfter(resp.Header.Get("Retry-After"), now), MaxRest))
	}
	if until := now.Add(rest); rest > 0 && until.After(h.resting) {
		h.resting = until
	}
	if free := now.Add(max(rest, h.pace())); free.After(h.free) {
		h.free = free
	}
}
