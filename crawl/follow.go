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
// skipped is counted once.
func (f *ordered) follow(t *txn, l lead) error {
	isNew, err := t.markSeen(f.index, l.URL)
	if err != nil || !isNew {
		return err
	}
	reason := f.rules.refuses(l, f.refusesHost)
	if reason == "" && f.archives != nil && !f.archives.has(l.URL) {
		reason = SkipNoArchive
	}
	if reason == "" && f.rules.maxPages >= 0 && f.state.Added >= uint64(f.rules.maxPages) {
		reason = SkipPages
	}
	if reason == "" && l.Map > 0 && f.state.Sitemaps >= maxSitemaps {
		reason = SkipSitemaps
	}
	if reason != "" {
		f.state.Skipped[reason]++
		return nil
	}
	return f.add(t, l.entry)
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
