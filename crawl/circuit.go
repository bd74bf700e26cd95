package crawl

import (
	"errors"
	"net"
	"time"
)

// MaxRest is the longest time for which a host is left alone, be it that it does
// not answer or that it asks for it (Retry-After).
const MaxRest = 30 * time.Second

const (
	restAfter = 5 // connections in a row that fail before a host rests
	maxRests  = 6 // in a row, before what is left of a host is given up
)

// errHostDown is for the pages of a host that stayed down through all its rests.
var errHostDown = errors.New("the host has not answered for long")

// errNoAnswer marks a request to which not even the head of an answer came.
var errNoAnswer = errors.New("no answer")

// circuit counts the connections to a host that failed in a row. Whatever the host
// answers, be it an error, breaks the row: bad pages are no matter of the host.
type circuit struct {
	failures int
	rests    int // in a row
	until    time.Time
	down     bool
}

// after takes how a request went that began at begun, and returns for how long
// the host is to rest: not at all, or at first four times the wait before a
// second attempt, then four times as long each time, up to MaxRest.
func (c *circuit) after(begun, now time.Time, err error, retryWait time.Duration) time.Duration {
	if !isNoConnection(err) {
		if !errors.Is(err, errHostDown) {
			c.failures, c.rests = 0, 0
		}
		return 0
	}
	if begun.Before(c.until) {
		return 0 // it was under way when the rest began
	}
	if c.failures++; c.failures < restAfter && c.rests == 0 {
		return 0
	}
	if c.failures = 0; c.rests == maxRests {
		c.down = true
		return 0
	}
	c.rests++
	rest := min(retryWait<<(2*min(c.rests, 10)), MaxRest)
	if rest <= 0 {
		rest = MaxRest
	}
	c.until = now.Add(rest)
	return rest
}

// isNoConnection tells the trouble of a host from that of a page.
func isNoConnection(err error) bool {
	if err == nil || !errors.Is(err, errNoAnswer) {
		return false
	}
	kind := failureKind(err)
	var op *net.OpError
	return kind == FailConnection || kind == FailLookup || kind == FailTimeout && errors.As(err, &op) && op.Op == "dial"
}
