package crawl

import (
	"net/url"
	"slices"
)

// commit follows the links of an entry and stores its outcome without them.
func (c *siteCrawl) commit(t *txn, seq uint64, o outcome) error {
	from, err := t.entry(c.index, seq)
	if err != nil {
		return err
	}
	if o.Location != "" {
		if from.Hops >= c.limits.Redirects {
			o.Failure = FailRedirects
		} else {
			to := entry{URL: o.Location, From: from.URL, Depth: from.Depth, Hops: from.Hops + 1, Start: from.Start}
			if err := c.follow(t, to); err != nil {
				return err
			}
		}
	}
	for _, link := range o.Links {
		address, err := Canonical(link)
		if err != nil {
			// Counted once, like all that is skipped.
			isNew, err := t.markSeen(c.index, link)
			if err != nil {
				return err
			}
			if isNew {
				c.state.Skipped[SkipAddress]++
			}
			continue
		}
		if err := c.follow(t, entry{URL: address, From: from.URL, Depth: from.Depth + 1}); err != nil {
			return err
		}
	}
	if o.Nofollow > 0 {
		c.state.Skipped[SkipNofollow] += int64(o.Nofollow)
	}
	o.Links, o.Location, o.Nofollow = nil, "", 0
	return t.put(bucketOutcomes, entryKey(c.index, seq), o)
}

// follow adds an address to the frontier if it is new and within the site.
func (c *siteCrawl) follow(t *txn, e entry) error {
	isNew, err := t.markSeen(c.index, e.URL)
	if err != nil || !isNew {
		return err
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		c.state.Skipped[SkipAddress]++
		return nil
	}
	if host := hostKey(u); !slices.Contains(c.state.Hosts, host) {
		if !e.Start {
			c.state.Skipped[SkipHost]++
			return nil
		}
		if !c.mayEnter(u) {
			c.state.Skipped[SkipNoContact]++
			return nil
		}
		// Where a start address redirects to is what the user meant.
		c.state.Hosts = append(c.state.Hosts, host)
	}
	switch {
	case !e.Start && !c.rules.wants(e.URL):
		c.state.Skipped[SkipPattern]++
	case c.rules.maxDepth >= 0 && e.Depth > c.rules.maxDepth:
		c.state.Skipped[SkipDepth]++
	case c.rules.maxPages >= 0 && c.state.Added >= uint64(c.rules.maxPages):
		c.state.Skipped[SkipPages]++
	default:
		return c.add(t, e)
	}
	return nil
}

func (c *siteCrawl) add(t *txn, e entry) error {
	if err := t.put(bucketEntries, entryKey(c.index, c.state.Added), e); err != nil {
		return err
	}
	c.state.Added++
	return nil
}
