package crawl

import (
	"context"
	"net/http"
	"time"
)

// Progress is how far a crawl is, over all its sites, with what earlier runs of it
// did. Of a crawl that processes share it is what this one did.
type Progress struct {
	Known   int64 // addresses found so far; in a shared crawl those of all processes
	Done    int64 // of these
	Pages   int64 // answered with a page
	Failed  int64 // as in the report, but for what only extraction finds
	Bytes   int64 // of bodies, as sent
	Slowest Slow
}

// Queued is the number of addresses that are known and not done.
func (p Progress) Queued() int64 { return p.Known - p.Done }

// Slow is the host that holds a crawl up: of those that are being asked the one
// that rests the longest, or else takes the longest to answer.
type Slow struct {
	Host   string        // "" while no host is asked
	Answer time.Duration // mean of the latest answers, robots.txt among them
	Rest   time.Duration // for which it is left alone yet, since it asked for it or does not answer
}

// tally is what one site's frontier knows of the progress; it is kept with the
// frontier's state.
type tally struct {
	Pages  int64 `json:"pages,omitempty"`
	Failed int64 `json:"failed,omitempty"`
	Bytes  int64 `json:"bytes,omitempty"`
}

func (t *tally) add(o outcome) {
	t.Bytes += o.Bytes
	switch {
	case o.Failure != "":
		t.Failed++
	case o.Skip == "" && o.Status == http.StatusOK:
		t.Pages++
	}
}

// tell takes how far a site is and passes on how far all are.
func (r *run) tell(site int, p Progress) {
	if r.Progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sites == nil {
		r.sites = make([]Progress, len(r.rules))
	}
	r.sites[site] = p
	r.tellAll()
}

func (r *run) tellAll() {
	var all Progress
	for _, p := range r.sites {
		all.Known += p.Known
		all.Done += p.Done
		all.Pages += p.Pages
		all.Failed += p.Failed
		all.Bytes += p.Bytes
	}
	all.Slowest = r.gates.slowest(time.Now())
	r.Progress(all)
}

// tellOften passes on the progress every second while nothing comes in, since
// that is when a person wants to know what the crawl waits for.
func (r *run) tellOften(ctx context.Context) {
	for r.Progress != nil && sleep(ctx, time.Second) {
		r.mu.Lock()
		if r.sites != nil {
			r.tellAll()
		}
		r.mu.Unlock()
	}
}

// slowest is the host that the crawl waits for.
func (g *hostGates) slowest(now time.Time) (slow Slow) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for host, h := range g.hosts {
		if taken, _ := h.slots.inUse(); taken == 0 {
			continue
		}
		h.mu.Lock()
		s := Slow{Host: host, Answer: h.average}
		if h.resting.After(now) {
			s.Rest = h.resting.Sub(now)
		}
		h.mu.Unlock()
		// By name where they are equally slow, as a map has no order.
		if slow.Host == "" || s.Rest > slow.Rest || s.Rest == slow.Rest && (s.Answer > slow.Answer || s.Answer == slow.Answer && host < slow.Host) {
			slow = s
		}
	}
	return slow
}
