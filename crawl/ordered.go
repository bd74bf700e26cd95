package crawl

import (
	"context"
	"errors"
	"slices"
)

// window is how far fetching may run ahead of the first address that is not yet
// done: it bounds what is held in memory while one page is slow.
const window = 1024

// ordered is the frontier of one process: the queue of a crawl that fetches one page at a time: entries
// are numbered as they are found, and a page's links are followed (committed)
// only when those of all entries before it were. Fetching runs ahead, by
// several connections; committing keeps the order. So which pages are fetched,
// and in which order they stand in the archive and in documents.jsonl, follows
// from the site alone, also where max_pages cuts the crawl short, and however
// often it was killed.
type ordered struct {
	scope
	state siteState
	next  uint64 // first entry not yet looked at
	// ready are done and wait for their turn to be committed; nil is an outcome that
	// is in the store, since what one page lists may be much.
	ready map[uint64]*outcome
}

// wait: nothing out and nothing to take is the end, for no one else adds any. Only
// archives may have pages that no link led to.
func (f *ordered) wait(ctx context.Context) (bool, error) {
	if f.archives == nil {
		return false, nil
	}
	for known := f.state.Added; f.state.Added == known; {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		addresses, next, err := f.archives.list.from(f.state.Listed, window)
		if err != nil || len(addresses) == 0 {
			return false, err
		}
		err = f.store.update(func(t *txn) error {
			for _, address := range addresses {
				if !f.archives.has(address) {
					continue // a revisit of what no archive holds
				}
				l := leadToLink(entry{URL: address})
				if _, refused := t.seen(f.index, l.URL); refused == SkipDepth {
					continue // a link does lead there, from too far away
				}
				if err := f.follow(t, l); err != nil {
					return err
				}
			}
			f.state.Listed = next
			return t.putSite(f.index, f.state)
		})
		if err != nil {
			return false, err
		}
	}
	f.tell()
	return true, nil
}

// begin loads the state, or makes the first one of the start addresses.
func (f *ordered) begin(context.Context) error {
	f.ready = map[uint64]*outcome{}
	err := f.store.update(func(t *txn) error {
		var err error
		if f.state, err = t.site(f.index); err != nil || f.state.Added > 0 {
			return err
		}
		for _, start := range f.rules.starts {
			if host := hostKey(start); !slices.Contains(f.state.Hosts, host) {
				f.state.Hosts = append(f.state.Hosts, host)
			}
		}
		for _, e := range f.rules.first() {
			if known, _ := t.seen(f.index, e.URL); known {
				continue
			}
			if err := errors.Join(t.markSeen(f.index, e.URL, ""), f.add(t, e)); err != nil {
				return err
			}
		}
		return t.putSite(f.index, f.state)
	})
	f.next = f.state.Committed
	f.tell()
	return err
}

// take takes up entries as far as the window reaches: fetched ones of an earlier
// run are ready, the others are to be fetched.
func (f *ordered) take(ctx context.Context, _ int) (jobs []job, err error) {
	for {
		to := min(f.state.Added, f.state.Committed+window)
		if f.next >= to {
			return jobs, nil
		}
		found := false
		err = f.store.view(func(t *txn) error {
			for ; f.next < to; f.next++ {
				if t.hasOutcome(f.index, f.next) {
					f.ready[f.next] = nil
					found = true
					continue
				}
				e, err := t.entry(f.index, f.next)
				if err != nil {
					return err
				}
				jobs = append(jobs, job{f.next, e})
			}
			return nil
		})
		if err != nil || !found {
			return jobs, err
		}
		// An earlier run fetched ahead of what it had committed: catch up, and
		// see whether that brings more entries into the window.
		if err := f.save(ctx, nil); err != nil {
			return jobs, err
		}
	}
}

// save stores a batch and commits what is in turn, in one transaction.
func (f *ordered) save(_ context.Context, batch []result) error {
	if err := f.store.appendExchanges(batch); err != nil {
		return err
	}
	f.checkpoint("appended")
	for _, r := range batch {
		f.ready[r.job.seq] = &r.outcome
		f.state.Tally.add(r.outcome)
	}
	more, err := f.commitSome(batch)
	for more && err == nil {
		more, err = f.commitSome(nil)
	}
	f.checkpoint("stored")
	f.tell()
	return err
}

// maxFollowed is after how many links a transaction ends: it holds in memory what of the
// store it changes.
const maxFollowed = 4096

// commitSome stores a batch and commits what is in turn, as far as one transaction is to
// go, and tells whether more is in turn.
func (f *ordered) commitSome(batch []result) (more bool, err error) {
	err = f.store.update(func(t *txn) error {
		for links := 0; ; {
			if more = links >= maxFollowed; more {
				break
			}
			o, ok := f.ready[f.state.Committed]
			if !ok {
				break
			}
			seq := f.state.Committed
			delete(f.ready, seq)
			if o == nil {
				stored, _, err := t.outcome(f.index, seq)
				if err != nil {
					return err
				}
				o = &stored
			}
			if err := f.commit(t, seq, *o); err != nil {
				return err
			}
			links += len(o.Links) + len(o.Sitemaps)
			f.state.Committed++
		}
		for _, r := range batch {
			if o, still := f.ready[r.job.seq]; still {
				if err := t.put(bucketOutcomes, entryKey(f.index, r.job.seq), o); err != nil {
					return err
				}
				f.ready[r.job.seq] = nil
			}
		}
		return t.putSite(f.index, f.state)
	})
	return more, err
}

// tell counts what is fetched, also where it is not yet its turn.
func (f *ordered) tell() {
	p := f.state.progress()
	p.Done += int64(len(f.ready))
	f.progress(p)
}
