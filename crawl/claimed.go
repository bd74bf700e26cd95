package crawl

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"time"
)

// claimed is the frontier of a process that shares its crawl with others. What it
// fetches it stores in its own store, numbered as it comes in, and only then hands
// it in: what is handed in is stored, and what was stored when the process was
// killed is handed in when it comes back.
//
// Which process fetches which page depends on which is quicker; the pages of all
// together do not, but for where max_pages and max_depth cut the crawl short.
type claimed struct {
	scope
	server *server
	open   func(*url.URL) bool // several connections at once are allowed
	state  siteState           // of the own store: Added stored, Committed handed in
	next   uint64
	left   int64 // of the whole crawl, when last asked
}

// mostClaims is how many addresses a process claims at a time: enough to keep its
// workers busy, few enough to leave some for the others.
const mostClaims = 32

func (f *claimed) begin(ctx context.Context) error {
	err := f.store.view(func(t *txn) (err error) {
		f.state, err = t.site(f.index)
		return err
	})
	if err != nil {
		return err
	}
	f.tell()
	var links []sharedLink
	for _, e := range f.rules.first() {
		links = append(links, f.link(leadTo(e)))
	}
	if _, err := f.server.done(ctx, "", links); err != nil {
		return err
	}
	if err := f.handIn(ctx); err != nil {
		return err
	}
	_, f.left, err = f.server.claim(ctx, 0, true)
	return err
}

// take claims addresses when few are left of those claimed before.
func (f *claimed) take(ctx context.Context, out int) (jobs []job, err error) {
	want := mostClaims - out
	if want < mostClaims/2 {
		return nil, nil
	}
	entries, left, err := f.server.claim(ctx, want, false)
	f.left = left
	for _, e := range entries {
		jobs = append(jobs, job{f.next, e})
		f.next++
	}
	return jobs, err
}

// wait polls while others have addresses, from which more may follow, or which
// come back if they die.
func (f *claimed) wait(ctx context.Context) (bool, error) {
	if f.left == 0 {
		return false, f.countSkips(ctx)
	}
	if !sleep(ctx, min(f.server.lease/10, 200*time.Millisecond)) {
		return false, ctx.Err()
	}
	return true, nil
}

// renew tells the server from time to time that this process lives, also while
// all of its pages are slow, until ctx is done.
func (f *claimed) renew(ctx context.Context) error {
	for sleep(ctx, f.server.lease/3) {
		if _, _, err := f.server.claim(ctx, 0, false); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

func (f *claimed) save(ctx context.Context, batch []result) error {
	if len(batch) == 0 {
		return nil
	}
	if err := f.store.appendExchanges(batch); err != nil {
		return err
	}
	f.checkpoint("appended")
	err := f.store.update(func(t *txn) error {
		for _, r := range batch {
			key := entryKey(f.index, f.state.Added)
			if err := t.put(bucketEntries, key, r.job.e); err != nil {
				return err
			}
			if err := t.put(bucketOutcomes, key, r.outcome); err != nil {
				return err
			}
			f.state.Added++
		}
		return t.putSite(f.index, f.state)
	})
	if err != nil {
		return err
	}
	f.checkpoint("stored")
	f.tell()
	return f.handIn(ctx)
}

// handIn hands in what is stored and was not yet.
func (f *claimed) handIn(ctx context.Context) error {
	from := f.state.Committed
	var outcomes []outcome
	for seq := from; seq < f.state.Added; seq++ {
		var e entry
		var o outcome
		err := f.store.view(func(t *txn) (err error) {
			if e, err = t.entry(f.index, seq); err == nil {
				o, _, err = t.outcome(f.index, seq)
			}
			return err
		})
		if err != nil {
			return err
		}
		links := f.links(e, &o)
		fates, err := f.server.done(ctx, e.ID, links)
		if err != nil {
			return err
		}
		if len(fates) == 1 && fates[0] == "lost" {
			o = outcome{Skip: SkipOther}
		} else {
			if o.Nofollow > 0 {
				f.state.Skipped[SkipNofollow] += int64(o.Nofollow)
			}
			f.state.Tally.add(o)
		}
		outcomes = append(outcomes, o.followed())
	}
	if from == f.state.Added {
		return nil
	}
	f.state.Committed = f.state.Added
	f.checkpoint("handed in")
	err := f.store.update(func(t *txn) error {
		for i, o := range outcomes {
			if err := t.put(bucketOutcomes, entryKey(f.index, from+uint64(i)), o); err != nil {
				return err
			}
		}
		return t.putSite(f.index, f.state)
	})
	f.tell()
	return err
}

// tell counts what other processes have left to do among what is known.
func (f *claimed) tell() {
	p := f.state.progress()
	p.Known = max(p.Known, p.Done+f.left)
	f.progress(p)
}

// countSkips takes over what the server counted as skipped, at the end: what this process
// met first, another one may have come to by another way.
func (f *claimed) countSkips(ctx context.Context) error {
	skipped, err := f.server.skips(ctx)
	if err != nil {
		return err
	}
	if n := f.state.Skipped[SkipNofollow]; n > 0 {
		skipped[SkipNofollow] = n
	}
	f.state.Skipped = skipped
	return f.store.update(func(t *txn) error { return t.putSite(f.index, f.state) })
}

// links are what an entry leads to, in the page's order.
func (f *claimed) links(from entry, o *outcome) (links []sharedLink) {
	for _, l := range from.leads(o, f.limits.Redirects) {
		links = append(links, f.link(l))
	}
	return links
}

// link is an address with all that can be said of it without the server, which
// knows the hosts.
func (f *claimed) link(l lead) sharedLink {
	link := sharedLink{Key: addressKey(l.URL), Start: l.Start, Reason: f.rules.refuses(l, func(lead) string { return "" })}
	if l.url == nil {
		return link
	}
	link.Host, link.Open, link.Enter = hostKey(l.url), f.open(l.url), l.Start && (l.From == "" || f.mayEnter(l.url))
	if l.Map > 0 {
		link.Sitemaps = maxSitemaps
	}
	data, _ := json.Marshal(l.entry)
	link.Entry = string(data)
	return link
}

func addressKey(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:12])
}

// sharedFrontier is the frontier of a site on the Redis server.
func (r *run) sharedFrontier(s scope, worker string) *claimed {
	lease := r.Shared.Lease
	if lease <= 0 {
		lease = DefaultLease
	}
	return &claimed{scope: s, server: &server{
		client: r.redis, worker: worker, lease: lease, most: s.rules.maxPages,
		prefix: r.sharedPrefix(s.index),
	}, open: func(u *url.URL) bool {
		m, err := r.mannersFor(s.index, u)
		return err == nil && m.concurrency > 1
	}}
}
