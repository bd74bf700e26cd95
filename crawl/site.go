package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// window is how far fetching may run ahead of the first address that is not yet
// done: it bounds what is held in memory while one page is slow.
const window = 1024

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
	next    uint64              // first entry not yet looked at
	ready   map[uint64]outcome  // done, waiting for its turn to be committed
	hosts   map[string]chan job // entries waiting for their host
	pending int                 // sent to a host and not yet back
	workers sync.WaitGroup
	results chan result
	held    *semaphore.Weighted // bytes of results not yet stored
	busy    int                 // workers
	saved   time.Time           // when the last transaction ended
	took    time.Duration       // how long it took
}

// maxHeld bounds the exchanges that wait in memory for the disk.
const maxHeld = 64 << 20

// maxDelay is how long a page may wait to be stored with others.
const maxDelay = time.Second

// job is an entry on its way to a worker.
type job struct {
	seq uint64
	e   entry
}

// run crawls until the frontier is done, or ctx is.
func (c *siteCrawl) run(ctx context.Context) error {
	c.ready, c.hosts = map[uint64]outcome{}, map[string]chan job{}
	c.results = make(chan result, window)
	c.held = semaphore.NewWeighted(maxHeld)
	ctx, cancel := context.WithCancel(ctx)
	err := c.begin()
	for err == nil {
		if err = c.look(ctx); err != nil || c.pending == 0 {
			break // what is ready was committed, so nothing is left
		}
		err = c.collect(ctx)
	}
	cancel()
	return errors.Join(err, c.finish(err))
}

// finish waits for the workers, so that nothing of ours outlives the call, and
// stores what they brought home of a crawl that was called off.
func (c *siteCrawl) finish(err error) error {
	for _, jobs := range c.hosts {
		close(jobs)
	}
	go func() {
		c.workers.Wait()
		close(c.results)
	}()
	var batch []result
	for r := range c.results {
		if c.held.Release(r.size); r.err == nil {
			batch = append(batch, r)
		}
	}
	if len(batch) == 0 || errors.Is(err, errStore) {
		return nil
	}
	return c.save(batch)
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
// run are ready, the others are sent to their host's workers.
func (c *siteCrawl) look(ctx context.Context) error {
	for {
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
				if err := c.send(ctx, job{c.next, e}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || !found {
			return err
		}
		// An earlier run fetched ahead of what it had committed: catch up, and
		// see whether that brings more entries into the window.
		if err := c.save(nil); err != nil {
			return err
		}
	}
}

// send hands a job to its host's workers, which begin with the first one.
func (c *siteCrawl) send(ctx context.Context, j job) error {
	u, err := url.Parse(j.e.URL)
	if err != nil {
		return err
	}
	jobs := c.hosts[hostKey(u)]
	if jobs == nil {
		jobs = make(chan job, window) // never full: no more are out than the window holds
		c.hosts[hostKey(u)] = jobs
		for range c.perHost(u) {
			c.busy++
			c.workers.Go(func() { c.work(ctx, jobs) })
		}
	}
	c.pending++
	jobs <- j
	return nil
}

// work fetches one job after another, also while what came in before is on its
// way to the disk.
func (c *siteCrawl) work(ctx context.Context, jobs <-chan job) {
	for j := range jobs {
		if ctx.Err() != nil {
			return
		}
		o, data, err := c.fetch(ctx, j.e)
		c.checkpoint("fetched")
		r := result{job: j, outcome: o, data: data, err: err, size: min(int64(len(data)), maxHeld)}
		if !c.held.TryAcquire(r.size) && c.held.Acquire(ctx, r.size) != nil {
			return
		}
		c.results <- r
	}
}

// collect waits for a page and stores it with others: one transaction, which waits
// for the disk, for as many pages as come in while the workers have enough to do,
// but so that storing never takes more than a fifth of the time, nor is put off
// for longer than maxDelay.
func (c *siteCrawl) collect(ctx context.Context) error {
	var batch []result
	var failed error
	var size int64
	take := func(r result) {
		c.pending--
		size += r.size
		if r.err != nil {
			failed = errors.Join(failed, r.err)
			return
		}
		batch = append(batch, r)
	}
	select {
	case r := <-c.results:
		take(r)
	case <-ctx.Done():
		return ctx.Err()
	}
	due := time.NewTimer(time.Until(c.saved.Add(min(4*c.took, maxDelay))))
	defer due.Stop()
	for waiting := true; size < maxHeld/2 && failed == nil; {
		if waiting = waiting && c.pending > 2*c.busy; waiting {
			select {
			case r := <-c.results:
				take(r)
			case <-due.C:
				waiting = false
			case <-ctx.Done():
				waiting = false
			}
			continue
		}
		if len(c.results) == 0 {
			break
		}
		take(<-c.results)
	}
	// What was fetched is kept even when the crawl is being called off.
	err := c.save(batch)
	c.held.Release(size)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = failed
	}
	return err
}

// save stores a batch and commits what is in turn, in one transaction.
func (c *siteCrawl) save(batch []result) error {
	for i := range batch {
		r := &batch[i]
		at, err := c.store.seg.append(r.data)
		if err != nil {
			return fmt.Errorf("%w: %w", errStore, err)
		}
		r.outcome.Records = at
		r.outcome.Response.Offset += at.Offset
	}
	c.checkpoint("appended")
	begun := time.Now()
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
	c.saved = time.Now()
	c.took = c.saved.Sub(begun)
	c.checkpoint("stored")
	c.progress(c.state.Committed-committed, c.state.Added-added)
	return err
}
