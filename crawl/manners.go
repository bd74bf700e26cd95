package crawl

import (
	"net/url"
	"slices"
	"time"
)

// manners are the rules for one host.
type manners struct {
	delay       time.Duration
	concurrency int
	local       bool // on this machine: Crawl-delay does not matter
}

// manners are the rules for u's host: those of the sites that start there or came to it
// (see asks), the most considerate of each, or else the defaults.
func (r *run) manners(u *url.URL) (manners, error) { return r.mannersFor(-1, u) }

// mannersFor are the manners as if the site asked the host too.
func (r *run) mannersFor(site int, u *url.URL) (manners, error) {
	m := manners{local: r.dialer.isLocal(u)}
	host := hostKey(u)
	for i, s := range r.rules {
		if i != site && !s.startsAt(host) && !r.hasAsked(i, host) {
			continue
		}
		m.delay = max(m.delay, s.Delay)
		if s.Concurrency > 0 && (m.concurrency == 0 || s.Concurrency < m.concurrency) {
			m.concurrency = s.Concurrency
		}
	}
	if !m.local && r.contact() == "" && r.captures == nil {
		return m, errNoContact
	}
	if m.concurrency == 0 {
		m.concurrency = 1
		if m.local {
			m.concurrency = DefaultConcurrency
		}
	}
	if m.delay == 0 && !m.local {
		m.delay = DefaultDelay
	}
	return m, nil
}

// startsAt tells whether a start address is on the host of that key.
func (s *siteRules) startsAt(host string) bool {
	return slices.ContainsFunc(s.starts, func(start *url.URL) bool { return hostKey(start) == host })
}

// asks notes that a site is about to ask u's host for pages, and gives the host's manners
// from then on. Where a start address redirects to another host nothing but the frontier
// knows that the site's delay holds there. The host may be known by then, through another
// site or a robots.txt that redirects to it.
func (r *run) asks(site int, u *url.URL) manners {
	r.askedMu.Lock()
	host := hostKey(u)
	if r.asked == nil {
		r.asked = map[string][]int{}
	}
	if !slices.Contains(r.asked[host], site) {
		r.asked[host] = append(r.asked[host], site)
	}
	r.askedMu.Unlock()
	m, err := r.manners(u)
	if err == nil {
		r.gates.configure(u, m)
	}
	return m
}

func (r *run) hasAsked(site int, host string) bool {
	r.askedMu.Lock()
	defer r.askedMu.Unlock()
	return slices.Contains(r.asked[host], site)
}
