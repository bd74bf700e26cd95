package crawl

import "net/url"

// lead is an address that an entry leads to.
type lead struct {
	entry
	url    *url.URL // nil where reason says that it is none
	reason string   // why it cannot be followed at all
}

func leadTo(e entry) lead {
	u, err := url.Parse(e.URL)
	if err != nil {
		return lead{entry: e, reason: SkipAddress}
	}
	return lead{entry: e, url: u}
}

// leads are what a done entry leads to: where it redirects, the page that
// continues its story, its links in the page's order. A redirect too many is
// noted in the outcome instead.
func (e entry) leads(o *outcome, redirects int) (all []lead) {
	if o.Location != "" {
		if e.Hops >= redirects {
			o.Failure = FailRedirects
		} else {
			all = append(all, leadTo(entry{
				URL: o.Location, From: e.URL, Depth: e.Depth, Hops: e.Hops + 1, Parts: e.Parts, Start: e.Start, Map: e.Map,
			}))
		}
	}
	// In place of the link to it: allow and max_depth are about stories, not about
	// the pages that a site cuts them into.
	if o.Next != "" {
		all = append(all, leadTo(e.part(o.Next)))
	}
	for _, link := range o.Sitemaps {
		l := leadToLink(entry{URL: link, From: e.URL, Map: e.Map + 1})
		if l.reason == "" && l.Map > maxSitemapDepth {
			l.reason = SkipSitemaps
		}
		all = append(all, l)
	}
	for _, link := range o.Links {
		to := entry{URL: link, From: e.URL, Depth: e.Depth + 1}
		if e.Map > 0 {
			to.Depth = 0 // no page stands between a start address and it
		}
		// As a link, the page that continues the story would begin its count anew.
		if l := leadToLink(to); o.Next == "" || l.URL != o.Next {
			all = append(all, l)
		}
	}
	return all
}

// leadToLink is for an address as it stands on a page.
func leadToLink(e entry) lead {
	address, err := Canonical(e.URL)
	if err != nil {
		return lead{entry: e, reason: SkipAddress}
	}
	e.URL = address
	return leadTo(e)
}

// maxParts bounds the pages of a story, which max_depth does not count: more than any
// story has, and few enough that a chain without an end does end.
const maxParts = 1000

// refuses says why an address is no part of the site; "" is one that is. host says
// the same of its host alone: only the frontier knows which are the site's so far.
func (s *siteRules) refuses(l lead, host func(lead) string) string {
	if l.reason != "" {
		return l.reason
	}
	if reason := host(l); reason != "" {
		return reason
	}
	switch {
	case !s.takes(l.entry):
		return SkipPattern
	case s.maxDepth >= 0 && (l.Depth > s.maxDepth || l.Parts >= maxParts):
		return SkipDepth
	}
	return ""
}
