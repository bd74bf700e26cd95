package crawl

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Shared lets several processes, on one machine or many, share one crawl: the
// frontier lives on a Redis server, and each process stores what it fetched in its
// own Dir. Each page is fetched by one of them, unless that one dies: what it had
// claimed is given to the others after Lease.
type Shared struct {
	// URL of the server, redis://host:port/database; "" is a crawl of one process.
	// It must hold no password.
	URL string
	// Password of the server, if it asks for one.
	Password string
	// Crawl names the crawl: processes with the same name, sites and limits share
	// one. A crawl that is done stays so; another name begins anew.
	Crawl string
	// Lease is how long a process may be silent before it counts as dead; 0 is
	// DefaultLease. It is renewed at a third of that.
	Lease time.Duration
}

// DefaultLease is the default of Shared.Lease.
const DefaultLease = 30 * time.Second

var crawlName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func (s Shared) validate() error {
	if s.URL == "" {
		return nil
	}
	options, err := redis.ParseURL(s.URL)
	if err != nil {
		return errors.New("crawl: redis: not an address like redis://host:6379/0")
	}
	if options.Password != "" {
		return errors.New("crawl: redis: the address holds a password, which would end up in reports; give it apart")
	}
	if !crawlName.MatchString(s.Crawl) {
		return fmt.Errorf("crawl: redis: the crawl's name %q is not 1 to 64 of A-Z, a-z, 0-9, point, hyphen and underscore", s.Crawl)
	}
	return nil
}

// connect opens the client and tries it.
func (s Shared) connect(ctx context.Context) (*redis.Client, error) {
	options, err := redis.ParseURL(s.URL)
	if err != nil {
		return nil, err
	}
	options.Password = s.Password
	options.DisableIdentity = true
	client := redis.NewClient(options)
	if err := client.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("crawl: redis at %s: %w", options.Addr, err), client.Close())
	}
	return client, nil
}

// SharedEnded tells whether the shared crawl of the options has ended: then nothing is
// left in it for this process, and a crawl anew needs another name.
func SharedEnded(ctx context.Context, o Options) (ended bool, err error) {
	if err := o.Validate(); err != nil {
		return false, err
	}
	client, err := o.Shared.connect(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	o.setDefaults()
	for site := range o.Sites {
		s := &server{client: client, prefix: o.sharedPrefix(site)}
		added, left, err := s.counts(ctx)
		if err != nil {
			return false, fmt.Errorf("crawl: %w", err)
		}
		if added == 0 || left > 0 {
			return false, nil
		}
	}
	return true, nil
}

// sharedPrefix begins the keys of a site.
func (o Options) sharedPrefix(site int) string {
	return fmt.Sprintf("wakong:{%s:%.16s:%d}:", o.Shared.Crawl, o.Identity(), site)
}

//go:embed claim.lua
var claimText string

//go:embed done.lua
var doneText string

var claimScript, doneScript = redis.NewScript(claimText), redis.NewScript(doneText)

// sharedLink is a link as done.lua takes it.
type sharedLink struct {
	Key    string `json:"k"`
	Host   string `json:"h"`
	Open   bool   `json:"o"`
	Start  bool   `json:"s"`
	Enter  bool   `json:"m"`
	Reason string `json:"r"`
	Entry  string `json:"e"`
	// Sitemaps is for a sitemap how many the site may have; 0 is a page.
	Sitemaps int `json:"x,omitempty"`
}

// server speaks to Redis for one site of one worker.
type server struct {
	client *redis.Client
	prefix string
	worker string
	lease  time.Duration
	most   int
}

// counts tells how many addresses the crawl knows, and how many of these are not done.
func (s *server) counts(ctx context.Context) (added, left int64, err error) {
	for key, n := range map[string]*int64{"added": &added, "done": &left} {
		if *n, err = s.client.Get(ctx, s.prefix+key).Int64(); err != nil && !errors.Is(err, redis.Nil) {
			return 0, 0, fmt.Errorf("redis: %w", err)
		}
	}
	return added, added - left, nil
}

// claim takes up to n addresses; left is how many of the whole crawl are not done.
func (s *server) claim(ctx context.Context, n int, begin bool) (entries []entry, left int64, err error) {
	first := "0"
	if begin {
		first = "1"
	}
	reply, err := claimScript.Run(ctx, s.client, nil, s.prefix, s.worker, s.lease.Milliseconds(), n, first).Slice()
	if err == nil && len(reply)%2 == 0 {
		err = fmt.Errorf("%d values", len(reply))
	}
	if err != nil {
		return nil, 0, fmt.Errorf("redis: claiming addresses: %w", err)
	}
	left, _ = reply[0].(int64)
	for i := 1; i < len(reply); i += 2 {
		var e entry
		id, _ := reply[i].(string)
		text, _ := reply[i+1].(string)
		if err := json.Unmarshal([]byte(text), &e); err != nil || id == "" {
			return nil, 0, fmt.Errorf("redis: address %q: %w", id, errors.Join(err, errStore))
		}
		e.ID = id
		entries = append(entries, e)
	}
	return entries, left, nil
}

// done hands in one address with its links.
func (s *server) done(ctx context.Context, id string, links []sharedLink) (fates []string, err error) {
	if links == nil {
		links = []sharedLink{}
	}
	data, err := json.Marshal(links)
	if err != nil {
		return nil, err
	}
	fates, err = doneScript.Run(ctx, s.client, nil, s.prefix, s.worker, id, s.most, data).StringSlice()
	if errors.Is(err, redis.Nil) {
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("redis: handing in an address: %w", err)
	}
	return fates, nil
}

// skips are the addresses that this worker met first and that were not followed, by
// reason, without those that another way led to later.
func (s *server) skips(ctx context.Context) (map[string]int64, error) {
	reply, err := s.client.HGetAll(ctx, s.prefix+"skips:"+s.worker).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: counting what was skipped: %w", err)
	}
	counts := map[string]int64{}
	for reason, text := range reply {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("redis: what was skipped as %s: found %q, expected a number: %w", reason, text, errStore)
		}
		if n != 0 {
			counts[reason] = n
		}
	}
	return counts, nil
}

// workerName is the name under which this state's process claims addresses. It
// names no one elsewhere, and is kept, so that a killed process that comes back is
// known.
func (s *store) workerName() (name string, err error) {
	err = s.update(func(t *txn) error {
		meta := t.tx.Bucket(bucketMeta)
		if v := meta.Get(keyWorker); v != nil {
			name = string(v)
			return nil
		}
		b := make([]byte, 12)
		rand.Read(b)
		name = hex.EncodeToString(b)
		return meta.Put(keyWorker, []byte(name))
	})
	return name, err
}
