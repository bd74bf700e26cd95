package crawl

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// siteCrawl crawls one site: it fetches what the frontier gives, by the workers of
// each host, and hands back what became of it.
type siteCrawl struct {
	frontier   frontier
	fetch      func(context.Context, entry) (outcome, []byte, error)
	perHost    func(*url.URL) int // requests at once
	checkpoint func(string)

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
	c.hosts = map[string]chan job{}
	c.results = make(chan result, window)
	c.held = semaphore.NewWeighted(maxHeld)
	ctx, cancel := context.WithCancel(ctx)
	err := c.frontier.begin(ctx)
	for more := true; err == nil; {
		if err = c.look(ctx); err != nil {
			break
		}
		if c.pending > 0 {
			err = c.collect(ctx)
		} else if more, err = c.frontier.wait(ctx); !more {
			break
		}
	}
	cancel()
	return errors.Join(err, c.finish(context.WithoutCancel(ctx), err))
}

// finish waits for the workers, so that nothing of ours outlives the call, and
// stores what they brought home of a crawl that was called off.
func (c *siteCrawl) finish(ctx context.Context, err error) error {
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
	return c.save(ctx, batch)
}

// look sends what the frontier gives to the hosts' workers.
func (c *siteCrawl) look(ctx context.Context) error {
	jobs, err := c.frontier.take(ctx, c.pending)
	for _, j := range jobs {
		if err == nil {
			err = c.send(ctx, j)
		}
	}
	return err
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
		r := result{job: j, outcome: o, data: data, err: err, size: min(int64(len(data))+o.listed(), maxHeld)}
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
	err := c.save(context.WithoutCancel(ctx), batch)
	c.held.Release(size)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = failed
	}
	return err
}

// save hands a batch to the frontier.
func (c *siteCrawl) save(ctx context.Context, batch []result) error {
	begun := time.Now()
	err := c.frontier.save(ctx, batch)
	c.saved = time.Now()
	c.took = c.saved.Sub(begun)
	return err
}
