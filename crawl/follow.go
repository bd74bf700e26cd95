package crawl

import "slices"

// commit follows the links of an entry and stores its outcome without them.
func (f *ordered) commit(t *txn, seq uint64, o outcome) error {
	from, err := t.entry(f.index, seq)
	if err != nil {
		return err
	}
	for _, l := range from.leads(&o, f.limits.Redirects) {
		if err := f.follow(t, l); err != nil {
			return err
		}
	}
	if o.Nofollow > 0 {
		f.state.Skipped[SkipNofollow] += int64(o.Nofollow)
	}
	return t.put(bucketOutcomes, entryKey(f.index, seq), o.followed())
}

// follow adds an address to the frontier if it is new and within the site. What is
// skipped is counted once, and no more if another way leads there that may be followed:
// a page that allow leaves out may turn out to be a part of a story, one that is too deep
// may stand in a sitemap.
func (f *ordered) follow(t *txn, l lead) error {
	known, refused := t.seen(f.index, l.URL)
	if known && refused == "" {
		return nil
	}
	if reason := f.refuses(l); reason != "" {
		if known {
			return nil
		}
		f.state.Skipped[reason]++
		return t.markSeen(f.index, l.URL, reason)
	}
	if known {
		if f.state.Skipped[refused]--; f.state.Skipped[refused] == 0 {
			delete(f.state.Skipped, refused)
		}
	}
	if err := t.markSeen(f.index, l.URL, ""); err != nil {
		return err
	}
	return f.add(t, l.entry)
}

// refuses says why an address is not followed now; "" is one that is.
func (f *ordered) refuses(l lead) string {
	if reason := f.rules.refuses(l, f.refusesHost); reason != "" {
		return reason
	}
	switch {
	case f.archives != nil && !f.archives.has(l.URL):
		return SkipNoArchive
	case f.rules.maxPages >= 0 && f.state.Added >= uint64(f.rules.maxPages):
		return SkipPages
	case l.Map > 0 && f.state.Sitemaps >= maxSitemaps:
		return SkipSitemaps
	}
	return ""
}

// refusesHost keeps the crawl within the site's hosts. Where a start address
// redirects to is what the user meant, and becomes one of them.
func (f *ordered) refusesHost(l lead) string {
	host := hostKey(l.url)
	switch {
	case slices.Contains(f.state.Hosts, host):
		return ""
	case !l.Start:
		return SkipHost
	case !f.mayEnter(l.url):
		return SkipNoContact
	}
	f.state.Hosts = append(f.state.Hosts, host)
	return ""
}

func (f *ordered) add(t *txn, e entry) error {
	if err := t.put(bucketEntries, entryKey(f.index, f.state.Added), e); err != nil {
		return err
	}
	if f.state.Added++; e.Map > 0 {
		f.state.Sitemaps++
	}
	return nil
}
