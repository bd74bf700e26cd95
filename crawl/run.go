package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

// Errors of a crawl as a whole, wrapped with what was tried.
var (
	// ErrUnreachable: not one start address of any site gave a page.
	ErrUnreachable = errors.New("no start address could be fetched")
	// ErrNoStories: pages were fetched, and none of them holds a story.
	ErrNoStories = errors.New("no page holds a story")
)

var errNoContact = errors.New("another machine's host, and no contact is set")

// Run crawls the sites and writes documents.jsonl, report.json and the archive
// into o.Dir.
//
// What is fetched is kept in the scratch folder as it comes in: killed at any
// moment, or called off through ctx, Run goes on where it was when it is called
// again, asks for nothing again that was stored, and ends with the same files.
// A page that fails is counted in the report; Run fails for options that make
// no sense, for ErrUnreachable and ErrNoStories, and when it cannot write.
func Run(ctx context.Context, o Options) (Report, error) {
	rules, err := o.compile()
	if err != nil {
		return Report{}, err
	}
	if o.Dir == "" {
		return Report{}, errors.New("crawl: no folder to write to (Options.Dir)")
	}
	o.setDefaults()
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return Report{}, fmt.Errorf("crawl: %w", err)
	}
	st, err := openStore(o.Scratch, o.Identity())
	if err != nil {
		return Report{}, err
	}
	r := &run{Options: o, rules: rules, store: st}
	report, err := r.join(ctx)
	if cerr := st.close(); err == nil && cerr != nil {
		err = fmt.Errorf("crawl: closing the state in %s: %w", o.Scratch, cerr)
	}
	if errors.Is(err, ErrUnreachable) {
		// Nothing is worth keeping, and what was down may be up the next time.
		err = errors.Join(err, removeStore(o.Scratch))
	}
	return report, err
}

func (o *Options) setDefaults() {
	if o.Scratch == "" {
		o.Scratch = filepath.Join(o.Dir, "scratch")
	}
	if o.ArchiveBytes <= 0 {
		o.ArchiveBytes = DefaultArchiveBytes
	}
	if o.UserAgent == "" {
		o.UserAgent = DefaultUserAgent
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.checkpoint == nil {
		o.checkpoint = func(string) {}
	}
	o.Limits = o.Limits.withDefaults()
}

// run is one call of Run.
type run struct {
	Options
	rules  []*siteRules
	store  *store
	began  time.Time
	dialer *dialer
	redis  *redis.Client // of a shared crawl
	worker string        // this process's name there

	captures *captures // of the archives that the options name
	damage   Damage    // of these
	infoTime time.Time // of the archive; zero is when the crawl was begun

	gates *hostGates
	mu    sync.Mutex
	sites []Progress // of each site

	askedMu sync.Mutex
	asked   map[string][]int // the sites that ask a host for pages, by its key; see asks
}

// join opens what processes share, if they do, and crawls.
func (r *run) join(ctx context.Context) (report Report, err error) {
	if r.Shared.URL == "" {
		return r.do(ctx)
	}
	if r.worker, err = r.store.workerName(); err != nil {
		return Report{}, err
	}
	if r.redis, err = r.Shared.connect(ctx); err != nil {
		return Report{}, err
	}
	report, err = r.do(ctx)
	return report, errors.Join(err, r.redis.Close())
}

func (r *run) do(ctx context.Context) (report Report, err error) {
	if r.began, err = r.store.began(r.Now()); err != nil {
		return Report{}, err
	}
	if err := r.crawl(ctx); err != nil {
		if ctx.Err() != nil && !errors.Is(err, errStore) {
			return Report{}, fmt.Errorf("crawl: called off; what was fetched is kept in %s, and the next run goes on from there: %w", r.Scratch, ctx.Err())
		}
		return Report{}, err
	}
	return r.assemble(ctx)
}

// crawl fetches all sites.
func (r *run) crawl(ctx context.Context) error {
	var starts []*url.URL
	for _, s := range r.rules {
		starts = append(starts, s.starts...)
	}
	r.dialer = newDialer(r.Resolve, starts)
	r.dialer.resolver = r.resolver
	robots, closeIdle := r.transport(r.store)
	defer closeIdle()
	if len(r.Archives) > 0 {
		var err error
		if r.captures, err = openCaptures(ctx, r.Archives, r.Scratch); err != nil {
			return err
		}
		defer r.captures.close()
		r.damage, r.infoTime = r.captures.damage, r.captures.began
		robots.replays(r.captures, r)
	}
	if r.Offline || len(r.Previous) > 0 {
		archives, err := openPrevious(ctx, r.Previous)
		if err != nil {
			return err
		}
		defer archives.close()
		if r.Offline {
			robots.replays(archives, r)
			r.infoTime = archives.began
		} else {
			robots.next = &recrawl{next: robots.next, previous: archives, limits: r.Limits}
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	for i, s := range r.rules {
		f := r.fetcher(s, robots)
		c := &siteCrawl{
			fetch: f.fetch, checkpoint: r.checkpoint,
			perHost:  func(u *url.URL) int { return max(1, r.asks(i, u).concurrency) },
			frontier: r.frontier(i, s),
		}
		g.Go(func() error {
			if err := r.alive(ctx, c); err != nil {
				return fmt.Errorf("crawl: site %s: %w", s.Name, err)
			}
			return nil
		})
	}
	during, stop := context.WithCancel(ctx)
	var telling sync.WaitGroup
	telling.Go(func() { r.tellOften(during) })
	err := g.Wait()
	stop()
	telling.Wait()
	return err
}

// fetcher fetches for a site.
func (r *run) fetcher(s *siteRules, transport http.RoundTripper) *fetcher {
	return &fetcher{
		base: newCollector(transport, r.agent(s.Contact)), product: productOf(r.UserAgent),
		headers: s.headers, proxy: s.proxy, now: r.fetchTime(), next: s.extract.nextOf,
	}
}

// fetchTime gives the time of what is noted now: without the network always the same.
func (r *run) fetchTime() func() time.Time {
	if r.infoTime.IsZero() {
		return r.Now
	}
	return func() time.Time { return r.infoTime }
}

// transport is the stack under colly, see [robotsGate], and what closes its
// connections.
func (r *run) transport(keep robotsKeeper) (robots *robotsGate, closeIdle func()) {
	transport := &http.Transport{
		DialContext:            r.dialer.DialContext,
		Proxy:                  r.dialer.proxyFor,
		TLSClientConfig:        r.tls,
		DisableCompression:     true, // the archive holds what was sent
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
	r.gates = &hostGates{next: &wire{next: transport, limits: r.Limits, now: r.Now}, rule: r.manners, limits: r.Limits}
	retries := &retrier{next: r.gates, limits: r.Limits}
	gate := &robotsGate{
		next: retries, keep: keep, agent: r.agent(r.contact()), product: productOf(r.UserAgent), wait: r.Limits.MaxWait,
		delay: func(u *url.URL, rules *robotsRules) { r.gates.crawlDelay(u, rules.delay) },
	}
	return gate, transport.CloseIdleConnections
}

func (r *run) frontier(index int, s *siteRules) frontier {
	what := scope{
		index: index, rules: s, limits: r.Limits, store: r.store,
		mayEnter: func(u *url.URL) bool { return s.Contact != "" || r.dialer.isLocal(u) || r.captures != nil },
		archives: r.captures,
		progress: func(p Progress) { r.tell(index, p) }, checkpoint: r.checkpoint,
	}
	if r.redis != nil {
		return r.sharedFrontier(what, r.worker)
	}
	return &ordered{scope: what}
}

// alive runs the crawl of a site and meanwhile, where it is shared, tells the
// others that this process lives.
func (r *run) alive(ctx context.Context, c *siteCrawl) error {
	f, shared := c.frontier.(*claimed)
	if !shared {
		return c.run(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		if err := f.renew(ctx); err != nil {
			cancel(err)
		}
	}()
	err := c.run(ctx)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = errors.Join(err, cause)
	}
	cancel(nil)
	<-renewed
	return err
}

// agent is the user agent for a site: who asks, and how to reach them.
func (r *run) agent(contact string) string {
	if contact == "" {
		return r.UserAgent
	}
	return r.UserAgent + " (+" + contact + ")"
}

func (r *run) contact() string {
	for _, s := range r.rules {
		if s.Contact != "" {
			return s.Contact
		}
	}
	return ""
}

// productOf is the token by which robots.txt names a crawler.
func productOf(agent string) string {
	token, _, _ := strings.Cut(agent, " ")
	token, _, _ = strings.Cut(token, "/")
	return strings.ToLower(token)
}
