package crawl

import (
	"net/url"
	"slices"
)

// commit follows the links of an entry and stores its outcome without them.
func (f *ordered) commit(t *txn, seq uint64, o outcome) error {
	from, err := t.entry(f.index, seq)
	if err != nil {
		return err
	}
	if o.Location != "" {
		if from.Hops >= f.limits.Redirects {
			o.Failure = FailRedirects
		} else {
			to := entry{URL: o.Location, From: from.URL, Depth: from.Depth, Hops: from.Hops + 1, Start: from.Start}
			if err := f.follow(t, to); err != nil {
				return err
			}
		}
	}
	// Before the links, one of which is the same: allow and max_depth are about
	// stories, not about the pages that a site cuts them into.
	if o.Next != "" {
		if err := f.follow(t, from.part(o.Next)); err != nil {
			return err
		}
	}
	for _, link := range o.Links {
		address, err := Canonical(link)
		if err != nil {
			// Counted once, like all that is skipped.
			isNew, err := t.markSeen(f.index, link)
			if err != nil {
				return err
			}
			if isNew {
				f.state.Skipped[SkipAddress]++
			}
			continue
		}
		if err := f.follow(t, entry{URL: address, From: from.URL, Depth: from.Depth + 1}); err != nil {
			return err
		}
	}
	if o.Nofollow > 0 {
		f.state.Skipped[SkipNofollow] += int64(o.Nofollow)
	}
	o.Links, o.Location, o.Next, o.Nofollow = nil, "", "", 0
	return t.put(bucketOutcomes, entryKey(f.index, seq), o)
}

// follow adds an address to the frontier if it is new and within the site.
func (f *ordered) follow(t *txn, e entry) error {
	isNew, err := t.markSeen(f.index, e.URL)
	if err != nil || !isNew {
		return err
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		f.state.Skipped[SkipAddress]++
		return nil
	}
	if host := hostKey(u); !slices.Contains(f.state.Hosts, host) {
		if !e.Start {
			f.state.Skipped[SkipHost]++
			return nil
		}
		if !f.mayEnter(u) {
			f.state.Skipped[SkipNoContact]++
			return nil
		}
		// Where a start address redirects to is what the user meant.
		f.state.Hosts = append(f.state.Hosts, host)
	}
	switch {
	case !f.rules.takes(e):
		f.state.Skipped[SkipPattern]++
	case f.rules.maxDepth >= 0 && e.Depth > f.rules.maxDepth:
		f.state.Skipped[SkipDepth]++
	case f.rules.maxPages >= 0 && f.state.Added >= uint64(f.rules.maxPages):
		f.state.Skipped[SkipPages]++
	default:
		return f.add(t, e)
	}
	return nil
}

func (f *ordered) add(t *txn, e entry) error {
	if err := t.put(bucketEntries, entryKey(f.index, f.state.Added), e); err != nil {
		return err
	}
	f.state.Added++
	return nil
}
