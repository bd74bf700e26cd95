package crawl

import (
	"context"
	"errors"
	"net/url"
	"slices"
)

// window is how far fetching may run ahead of the first address that is not yet
// done: it bounds what is held in memory while one page is slow.
const window = 1024

// maxInFlight bounds the requests of one site at once, over all its hosts.
const maxInFlight = 64

// siteCrawl crawls one site.
//
// The frontier is the queue of a crawl that fetches one page at a time: entries
// are numbered as they are found, and a page's links are followed (committed)
// only when those of all entries before it were. Fetching runs ahead, by
// several connections; committing keeps the order. So which pages are fetched,
// and in which order they stand in the archive and in documents.jsonl, follows
// from the site alone, also where max_pages cuts the crawl short, and however
// often it was killed.
type siteCrawl struct {
	index      int
	rules      *siteRules
	limits     Limits
	store      *store
	fetch      func(context.Context, entry) (outcome, []byte, error)
	perHost    func(*url.URL) int  // requests at once
	mayEnter   func(*url.URL) bool // whether a redirected start address may lead there
	checkpoint func(string)
	progress   func(done, added uint64) // told of what changed

	state   siteState
	next    uint64             // first entry not yet looked at
	ready   map[uint64]outcome // done, waiting for its turn to be committed
	waiting map[string][]job   // by host, in order
	active  map[string]int     // requests at once, by host
	flying  int
	results chan result
}

type job struct {
	seq  uint64
	host string
	e    entry
}

// run crawls until the frontier is done, or ctx is.
func (c *siteCrawl) run(ctx context.Context) error {
	c.ready, c.waiting, c.active = map[uint64]outcome{}, map[string][]job{}, map[string]int{}
	c.results = make(chan result, maxInFlight)
	ctx, cancel := context.WithCancel(ctx)
	err := c.begin()
	for err == nil {
		if err = c.look(); err != nil {
			break
		}
		c.start(ctx)
		if c.flying == 0 {
			break // what is ready was committed, so nothing is left
		}
		err = c.collect(ctx)
	}
	cancel()
	for c.flying > 0 { // nothing of ours outlives the call
		c.land(<-c.results)
	}
	return err
}

// begin loads the state, or makes the first one of the start addresses.
func (c *siteCrawl) begin() error {
	err := c.store.update(func(t *txn) error {
		var err error
		if c.state, err = t.site(c.index); err != nil || c.state.Added > 0 {
			return err
		}
		for _, start := range c.rules.starts {
			if host := hostKey(start); !slices.Contains(c.state.Hosts, host) {
				c.state.Hosts = append(c.state.Hosts, host)
			}
			if isNew, err := t.markSeen(c.index, start.String()); err != nil || !isNew {
				if err != nil {
					return err
				}
				continue
			}
			if err := c.add(t, entry{URL: start.String(), Start: true}); err != nil {
				return err
			}
		}
		return t.putSite(c.index, c.state)
	})
	c.next = c.state.Committed
	c.progress(c.state.Committed, c.state.Added)
	return err
}

// look takes up entries as far as the window reaches: fetched ones of an earlier
// run are ready, the others wait for their host.
func (c *siteCrawl) look() error {
	to := min(c.state.Added, c.state.Committed+window)
	if c.next >= to {
		return nil
	}
	found := false
	err := c.store.view(func(t *txn) error {
		for ; c.next < to; c.next++ {
			o, done, err := t.outcome(c.index, c.next)
			if err != nil {
				return err
			}
			if done {
				c.ready[c.next] = o
				found = true
				continue
			}
			e, err := t.entry(c.index, c.next)
			if err != nil {
				return err
			}
			u, err := url.Parse(e.URL)
			if err != nil {
				return err
			}
			host := hostKey(u)
			c.waiting[host] = append(c.waiting[host], job{c.next, host, e})
		}
		return nil
	})
	if err != nil || !found {
		return err
	}
	// An earlier run fetched ahead of what it had committed: catch up, and see
	// whether that brings more entries into the window.
	if err := c.save(nil); err != nil {
		return err
	}
	return c.look()
}

// start sends off what its host has room for.
func (c *siteCrawl) start(ctx context.Context) {
	for host, queue := range c.waiting {
		for len(queue) > 0 && c.flying < maxInFlight {
			j := queue[0]
			u, _ := url.Parse(j.e.URL)
			if c.active[host] >= c.perHost(u) {
				break
			}
			queue = queue[1:]
			c.active[host]++
			c.flying++
			go func() {
				o, data, err := c.fetch(ctx, j.e)
				c.checkpoint("fetched")
				c.results <- result{job: j, outcome: o, data: data, err: err}
			}()
		}
		if c.waiting[host] = queue; len(queue) == 0 {
			delete(c.waiting, host)
		}
	}
}

func (c *siteCrawl) land(r result) {
	c.flying--
	if c.active[r.job.host]--; c.active[r.job.host] == 0 {
		delete(c.active, r.job.host)
	}
}

// collect waits for a page and stores it with all others that are there by then:
// one transaction, which waits for the disk, for as many pages as came in while
// the last one did.
func (c *siteCrawl) collect(ctx context.Context) error {
	var batch []result
	var failed error
	size := 0
	take := func(r result) {
		c.land(r)
		if r.err != nil {
			failed = errors.Join(failed, r.err)
			return
		}
		size += len(r.data)
		batch = append(batch, r)
	}
	take(<-c.results)
	for more := true; more && size < 8<<20; {
		select {
		case r := <-c.results:
			take(r)
		default:
			more = false
		}
	}
	// What was fetched is kept even when the crawl is being called off.
	if err := c.save(batch); err != nil {
		return err
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return failed
}

// save stores a batch and commits what is in turn, in one transaction.
func (c *siteCrawl) save(batch []result) error {
	for i := range batch {
		r := &batch[i]
		at, err := c.store.seg.append(r.data)
		if err != nil {
			return err
		}
		r.outcome.Records = at
		r.outcome.Response.Offset += at.Offset
	}
	c.checkpoint("appended")
	added, committed := c.state.Added, c.state.Committed
	err := c.store.update(func(t *txn) error {
		for _, r := range batch {
			c.ready[r.job.seq] = r.outcome
		}
		for {
			o, ok := c.ready[c.state.Committed]
			if !ok {
				break
			}
			seq := c.state.Committed
			delete(c.ready, seq)
			if err := c.commit(t, seq, o); err != nil {
				return err
			}
			c.state.Committed++
		}
		for _, r := range batch {
			if o, still := c.ready[r.job.seq]; still {
				if err := t.put(bucketOutcomes, entryKey(c.index, r.job.seq), o); err != nil {
					return err
				}
			}
		}
		return t.putSite(c.index, c.state)
	})
	c.checkpoint("stored")
	c.progress(c.state.Committed-committed, c.state.Added-added)
	return err
}

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
			c.state.Skipped[SkipAddress]++
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
