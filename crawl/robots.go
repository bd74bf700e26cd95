package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// robotsAnswer is what a host said when asked for its robots.txt. It is kept, so
// that a crawl that goes on does not ask again.
type robotsAnswer struct {
	Status int    `json:"status"`
	Body   []byte `json:"body,omitempty"`
	Ref    ref    `json:"ref"`
}

// robotsKeeper keeps the answers durably.
type robotsKeeper interface {
	robots(origin string) (robotsAnswer, bool, error)
	putRobots(origin string, a robotsAnswer, exchanges []exchange) error
}

// robotsGate lets through what the host's robots.txt allows. It stands above all
// else, so that a redirect's target is judged like any address.
type robotsGate struct {
	next    http.RoundTripper
	product string // product token, lower case
	agent   string // whole user agent
	keep    robotsKeeper
	delay   func(*url.URL, *robotsRules) // told of each host's rules

	// wait is between two rounds of asking a host in trouble, see robotsRounds.
	wait time.Duration

	mu    sync.Mutex
	hosts map[string]*robotsEntry
	order []string // of hosts, the oldest first
}

const (
	// maxRobotsHosts is of how many hosts the rules are held in memory; those of
	// others are read from the disk again.
	maxRobotsHosts = 256
	// robotsRounds is how often a host is asked whose answer says that it is in
	// trouble (5xx, 429), each time with the attempts that any page gets.
	robotsRounds = 3
)

type robotsEntry struct {
	ready    chan struct{} // closed when the rest is set
	rules    *robotsRules
	attempts int
	err      error
}

func (g *robotsGate) RoundTrip(req *http.Request) (*http.Response, error) {
	e, err := g.entry(req.Context(), req.URL)
	if err != nil {
		return nil, err
	}
	if e.err != nil {
		captureOf(req).attempts += e.attempts
		return nil, e.err
	}
	if !e.rules.allows(req.URL.RequestURI()) {
		return nil, errDenied
	}
	return g.next.RoundTrip(req)
}

// entry returns the rules of u's origin, asking for them once however many
// pages wait for them.
func (g *robotsGate) entry(ctx context.Context, u *url.URL) (*robotsEntry, error) {
	origin := u.Scheme + "://" + u.Host
	g.mu.Lock()
	e, known := g.hosts[origin]
	if !known {
		e = &robotsEntry{ready: make(chan struct{})}
		if g.hosts == nil {
			g.hosts = map[string]*robotsEntry{}
		}
		g.hosts[origin] = e
		if g.order = append(g.order, origin); len(g.order) > maxRobotsHosts {
			// Who waits for it holds the entry itself.
			delete(g.hosts, g.order[0])
			g.order = g.order[1:]
		}
	}
	g.mu.Unlock()
	if known {
		select {
		case <-e.ready:
			return e, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	e.rules, e.attempts, e.err = g.load(ctx, origin)
	if e.rules != nil && g.delay != nil {
		g.delay(u, e.rules)
	}
	close(e.ready)
	return e, nil
}

func (g *robotsGate) load(ctx context.Context, origin string) (*robotsRules, int, error) {
	a, found, err := g.keep.robots(origin)
	if err != nil {
		return nil, 0, err
	}
	attempts := 0
	if !found || inTrouble(a.Status) { // what an earlier run found may have passed
		c := &capture{anyType: true, robots: true}
		for round := 1; ; round++ {
			a, err = g.ask(ctx, origin, c)
			attempts = c.attempts
			if err != nil {
				return nil, attempts, fmt.Errorf("robots.txt: %w", err)
			}
			if !inTrouble(a.Status) || round == robotsRounds {
				break
			}
			if !sleep(ctx, g.wait) {
				return nil, attempts, ctx.Err()
			}
		}
		if err := g.keep.putRobots(origin, a, c.exchanges); err != nil {
			return nil, attempts, err
		}
	}
	switch {
	case a.Status >= 200 && a.Status < 300:
		return parseRobots(a.Body, g.product), attempts, nil
	case inTrouble(a.Status):
		// RFC 9309: a server in trouble has not said that anything is allowed.
		return nil, attempts, fmt.Errorf("%w: http %d", errRobots, a.Status)
	}
	return &robotsRules{}, attempts, nil // 4xx: there is none, all is allowed
}

func inTrouble(status int) bool { return status >= 500 || status == http.StatusTooManyRequests }

// ask fetches robots.txt, following up to five redirects as RFC 9309 has it.
func (g *robotsGate) ask(ctx context.Context, origin string, c *capture) (robotsAnswer, error) {
	address := origin + "/robots.txt"
	for range 6 {
		req, err := http.NewRequestWithContext(withCapture(ctx, c), http.MethodGet, address, nil)
		if err != nil {
			return robotsAnswer{}, err
		}
		req.Header.Set("User-Agent", g.agent)
		req.Header.Set("Accept", "*/*")
		resp, err := g.next.RoundTrip(req)
		if err != nil {
			return robotsAnswer{}, err
		}
		resp.Body.Close()
		if c.answer.status < 300 || c.answer.status >= 400 || c.answer.location == "" {
			body := c.answer.body
			if len(body) > maxRobots {
				body = body[:maxRobots]
			}
			return robotsAnswer{Status: c.answer.status, Body: body}, nil
		}
		target, err := req.URL.Parse(strings.TrimSpace(c.answer.location))
		if err == nil {
			address, err = Canonical(target.String())
		}
		if err != nil {
			return robotsAnswer{Status: http.StatusNotFound}, nil
		}
	}
	return robotsAnswer{Status: http.StatusNotFound}, nil // the RFC: as if there were none
}
