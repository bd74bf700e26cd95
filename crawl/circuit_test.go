package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"wakong/crawl/crawltest"
)

var errDial = fmt.Errorf("%w: %w", errNoAnswer, &net.OpError{Op: "dial", Err: errors.New("refused")})

func TestCircuit(t *testing.T) {
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	var c circuit
	fails := func(n int) (rest time.Duration) {
		for range n {
			rest = c.after(now, now, errDial, time.Second)
		}
		return rest
	}
	if rest := fails(restAfter - 1); rest != 0 {
		t.Errorf("rests %v after %d failures", rest, restAfter-1)
	}
	for _, bad := range []error{nil, errTooLarge, errEncoding, fmt.Errorf("in the body: %w", io.ErrUnexpectedEOF), context.DeadlineExceeded} {
		c.after(now, now, bad, time.Second)
		if c.failures != 0 {
			t.Errorf("a page's trouble (%v) does not break the row", bad)
		}
		fails(restAfter - 1)
	}
	for i, want := range []time.Duration{4 * time.Second, 16 * time.Second, MaxRest, MaxRest, MaxRest, MaxRest} {
		if rest := fails(1); rest != want {
			t.Errorf("rest %d is %v, want %v", i+1, rest, want)
		}
		if rest := fails(1); rest != 0 || c.down {
			t.Errorf("what was under way when rest %d began counts again", i+1)
		}
		now = now.Add(want)
	}
	if fails(1); !c.down {
		t.Error("not given up after all rests")
	}
}

// TestHostThatGoesDown has a host that answers its first pages and then is gone,
// with many links left: each is reported, none is waited for on its own, and the
// site beside it does not suffer.
func TestHostThatGoesDown(t *testing.T) {
	other := newSite(t, crawltest.Options{Stories: 20})
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Connection", "close")
		for i := range 200 {
			fmt.Fprintf(w, `<a href="/story/%d">x</a>`, i)
		}
		server.Listener.Close()
	}))
	t.Cleanup(server.Close)
	o := optionsFor(other.URL, t.TempDir())
	o.Resolve["gone.example"] = strings.TrimPrefix(server.URL, "http://")
	o.Sites = append(o.Sites, Site{Name: "gone", Start: []string{"http://gone.example/"}, Story: Story{Body: ".story"}})
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	f := report.Sites[1].Failures
	if report.Stories != 20 || len(f[FailConnection])+len(f[FailDown]) != 200 || len(f[FailDown]) < 150 {
		t.Errorf("%d stories; %d failed connections, %d given up", report.Stories, len(f[FailConnection]), len(f[FailDown]))
	}
}

// TestRetryAfterRestsTheHost: who asks for a rest gets one, at most MaxRest.
func TestRetryAfterRestsTheHost(t *testing.T) {
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for value, want := range map[string]time.Duration{"": 0, "7": 7 * time.Second, "3600": MaxRest, "Mon, 06 May 2024 07:08:20 GMT": 11 * time.Second} {
		h := &hostGate{slots: newSlots(1), local: true}
		if err := h.slots.take(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.leave(now, now, &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {value}}}, nil, Limits{})
		if got := h.free.Sub(now); got != want {
			t.Errorf("Retry-After %q: a rest of %v, want %v", value, got, want)
		}
	}
}

// TestPace: a host that needs long for its answers is asked less often.
func TestPace(t *testing.T) {
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	h := &hostGate{slots: newSlots(1), delay: time.Second}
	answer := func(took time.Duration) {
		if err := h.slots.take(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.leave(now.Add(-took), now, nil, nil, Limits{})
	}
	answer(100 * time.Millisecond)
	if h.pace() != time.Second {
		t.Errorf("a quick host: %v", h.pace())
	}
	for range 20 {
		answer(5 * time.Second)
	}
	if d := h.pace(); d < 4*time.Second || d > 5*time.Second {
		t.Errorf("a slow host: %v", d)
	}
	for range 20 {
		answer(20 * time.Minute)
	}
	if h.pace() != MaxCrawlDelay {
		t.Errorf("at most: %v", h.pace())
	}
	if h.local = true; h.pace() != time.Second {
		t.Errorf("this machine: %v", h.pace())
	}
}
