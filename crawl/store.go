package crawl

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// entry is one address to be fetched.
type entry struct {
	URL   string `json:"u"`
	From  string `json:"f,omitempty"` // the page that led here
	Depth int    `json:"d,omitempty"` // links from a start address
	Hops  int    `json:"h,omitempty"` // redirects in a row
	ID    string `json:"i,omitempty"` // number on the server of a shared crawl
	Parts int    `json:"q,omitempty"` // how many pages before it its story has; 0 is the first, or no story
	Start bool   `json:"s,omitempty"` // a start address, or where one redirects to
	Map   int    `json:"m,omitempty"` // a sitemap: 1 is one that the options name, 2 one that stands in it, ...
}

// part is the entry of the page that continues this one's story.
func (e entry) part(address string) entry {
	return entry{URL: address, From: e.URL, Depth: e.Depth, Parts: e.Parts + 1}
}

// outcome is what became of an entry.
type outcome struct {
	Status   int      `json:"s,omitempty"` // of the last answer; 0 is none
	Failure  string   `json:"f,omitempty"` // kind of failure
	Skip     string   `json:"k,omitempty"` // reason for not fetching, or not reading
	Attempts int      `json:"a,omitempty"`
	Bytes    int64    `json:"b,omitempty"` // of all answers' bodies as sent
	Records  ref      `json:"r,omitzero"`  // all exchanges
	Response ref      `json:"p,omitzero"`  // the last response
	Location string   `json:"l,omitempty"` // target of a redirect
	Links    []string `json:"n,omitempty"` // dropped once followed
	Next     string   `json:"c,omitempty"` // page that continues this one's story; dropped once followed
	Nofollow int      `json:"x,omitempty"` // links the page asks not to follow
	Sitemaps []string `json:"m,omitempty"` // further sitemaps; dropped once followed
}

// followed is the outcome without what it led to, which is known by now. Where it
// redirects is kept: a story may go on there.
func (o outcome) followed() outcome {
	o.Links, o.Sitemaps, o.Next, o.Nofollow = nil, nil, "", 0
	return o
}

// listed is the memory that what it leads to takes, in bytes.
func (o outcome) listed() (n int64) {
	for _, links := range [][]string{o.Links, o.Sitemaps} {
		for _, link := range links {
			n += int64(len(link)) + 16
		}
	}
	return n
}

// siteState is how far the crawl of a site is.
type siteState struct {
	Added     uint64           `json:"added"`     // entries known: 0 .. Added-1
	Committed uint64           `json:"committed"` // entries done and their links followed
	Sitemaps  int              `json:"sitemaps,omitempty"`
	Listed    int64            `json:"listed,omitempty"` // place in the archives' list of pages, see [addressList]
	Hosts     []string         `json:"hosts"`            // host keys within which links are followed
	Skipped   map[string]int64 `json:"skipped"`          // addresses not followed, by reason
	Tally     tally            `json:"tally"`
}

// progress is the state as it is told.
func (s siteState) progress() Progress {
	return Progress{Known: int64(s.Added), Done: int64(s.Committed), Pages: s.Tally.Pages, Failed: s.Tally.Failed, Bytes: s.Tally.Bytes}
}

var (
	bucketMeta     = []byte("meta")
	bucketSites    = []byte("sites")
	bucketEntries  = []byte("entries")
	bucketOutcomes = []byte("outcomes")
	bucketSeen     = []byte("seen")
	bucketRobots   = []byte("robots")

	keyIdentity = []byte("identity")
	keyEnd      = []byte("segment end")
	keyBegan    = []byte("began")
	keyWorker   = []byte("worker")
)

// store is the durable state of a crawl: the frontier, what was seen and what
// came of it in a bbolt file, the exchanges in a segment beside it.
//
// bbolt rather than an append-only log that is read back: the frontier of a
// large site need not fit into memory, and a page's exchanges, its outcome and
// the links that follow from it become known in one transaction, so that
// there is no moment at which a kill leaves one without the other.
type store struct {
	db   *bbolt.DB
	seg  *segment
	path string
}

// openStore opens the state in dir, or begins anew where there is none, where it
// belongs to another crawl (identity), or where it is damaged.
func openStore(dir, identity string) (*store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("crawl: scratch folder: %w", err)
	}
	s, err := tryStore(dir, identity)
	// Only what is certainly useless is removed; a full disk, say, is not that.
	useless := errors.Is(err, errOtherCrawl) || errors.Is(err, errShortSegment) || errors.Is(err, bolterrors.ErrInvalid) ||
		errors.Is(err, bolterrors.ErrChecksum) || errors.Is(err, bolterrors.ErrVersionMismatch)
	if !useless {
		return s, err
	}
	if err := removeStore(dir); err != nil {
		return nil, fmt.Errorf("crawl: removing an unusable crawl state: %w", err)
	}
	return tryStore(dir, identity)
}

func storeFiles(dir string) (db, seg string) {
	return filepath.Join(dir, "crawl.db"), filepath.Join(dir, "exchanges.warc.gz")
}

func removeStore(dir string) error {
	db, seg := storeFiles(dir)
	for _, name := range []string{db, seg} {
		if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// errStore marks trouble with the state on disk, which ends a crawl: going on
// would mean to fetch what cannot be kept.
var errStore = errors.New("the crawl's state cannot be read or written")

var errOtherCrawl = errors.New("the state is another crawl's")

func tryStore(dir, identity string) (*store, error) {
	dbPath, segPath := storeFiles(dir)
	db, err := bbolt.Open(dbPath, 0o644, &bbolt.Options{Timeout: time.Second, FreelistType: bbolt.FreelistMapType})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("crawl: another process is crawling into %s: %w", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("crawl: opening %s: %w", dbPath, err)
	}
	var end int64
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{bucketMeta, bucketSites, bucketEntries, bucketOutcomes, bucketSeen, bucketRobots} {
			b, err := tx.CreateBucketIfNotExists(name)
			if err != nil {
				return err
			}
			b.FillPercent = 0.9 // most keys come in order
		}
		meta := tx.Bucket(bucketMeta)
		if was := meta.Get(keyIdentity); was != nil && string(was) != identity {
			return errOtherCrawl
		}
		if v := meta.Get(keyEnd); len(v) == 8 {
			end = int64(binary.BigEndian.Uint64(v))
		}
		return meta.Put(keyIdentity, []byte(identity))
	})
	if err != nil {
		db.Close()
		return nil, err
	}
	seg, err := openSegment(segPath, end)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("crawl: %w", err)
	}
	return &store{db: db, seg: seg, path: dir}, nil
}

func (s *store) close() error { return errors.Join(s.db.Close(), s.seg.close()) }

// update runs f in a transaction that is durable when update returns nil. What f
// refers to in the segment is made durable first.
func (s *store) update(f func(*txn) error) error {
	err := s.db.Update(func(tx *bbolt.Tx) error {
		unmapSeen(tx)
		end, err := s.seg.sync()
		if err != nil {
			return err
		}
		if err := tx.Bucket(bucketMeta).Put(keyEnd, binary.BigEndian.AppendUint64(nil, uint64(end))); err != nil {
			return err
		}
		return f(&txn{tx})
	})
	if err != nil {
		return fmt.Errorf("crawl: %w in %s: %w", errStore, s.path, err)
	}
	return nil
}

func (s *store) view(f func(*txn) error) error {
	err := s.db.View(func(tx *bbolt.Tx) error { return f(&txn{tx}) })
	if err != nil {
		return fmt.Errorf("crawl: %w in %s: %w", errStore, s.path, err)
	}
	return nil
}

// appendExchanges writes the exchanges of a batch to the segment, and their places
// into the outcomes.
func (s *store) appendExchanges(batch []result) error {
	for i := range batch {
		r := &batch[i]
		at, err := s.seg.append(r.data)
		if err != nil {
			return fmt.Errorf("%w: %w", errStore, err)
		}
		r.outcome.Records = at
		r.outcome.Response.Offset += at.Offset
	}
	return nil
}

// txn gives typed access within one transaction.
type txn struct{ tx *bbolt.Tx }

func entryKey(site int, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint16(nil, uint16(site)), seq)
}

func (t *txn) put(bucket, key []byte, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return t.tx.Bucket(bucket).Put(key, data)
}

func (t *txn) get(bucket, key []byte, value any) (bool, error) {
	data := t.tx.Bucket(bucket).Get(key)
	if data == nil {
		return false, nil
	}
	return true, json.Unmarshal(data, value)
}

func (t *txn) entry(site int, seq uint64) (e entry, err error) {
	found, err := t.get(bucketEntries, entryKey(site, seq), &e)
	if err == nil && !found {
		err = fmt.Errorf("entry %d of site %d is missing", seq, site)
	}
	return e, err
}

func (t *txn) outcome(site int, seq uint64) (o outcome, found bool, err error) {
	found, err = t.get(bucketOutcomes, entryKey(site, seq), &o)
	return o, found, err
}

func (t *txn) hasOutcome(site int, seq uint64) bool {
	return t.tx.Bucket(bucketOutcomes).Get(entryKey(site, seq)) != nil
}

func (t *txn) site(site int) (st siteState, err error) {
	_, err = t.get(bucketSites, entryKey(site, 0)[:2], &st)
	if st.Skipped == nil {
		st.Skipped = map[string]int64{}
	}
	return st, err
}

func (t *txn) putSite(site int, st siteState) error {
	return t.put(bucketSites, entryKey(site, 0)[:2], st)
}

// seen tells whether the address was met, and for which reason it was refused so far; ""
// is one that was taken up.
func (t *txn) seen(site int, address string) (known bool, refused string) {
	value := t.tx.Bucket(bucketSeen).Get(seenKey(site, address))
	return value != nil, string(value)
}

// markSeen notes that the address was met, and taken up or refused for a reason.
func (t *txn) markSeen(site int, address, refused string) error {
	return t.tx.Bucket(bucketSeen).Put(seenKey(site, address), []byte(refused))
}

// maxSeenKey is the length up to which an address stands for itself.
const maxSeenKey = 64

// seenKey is by what an address is known as seen. It begins like the address, since what
// stands on one page begins alike: so its links come to stand on few pages of the store,
// where their hashes would be spread over all of it, and a transaction would hold the
// more of it in memory the longer the crawl is.
func seenKey(site int, address string) []byte {
	key := entryKey(site, 0)[:2]
	if len(address) <= maxSeenKey {
		return append(key, address...)
	}
	sum := sha256.Sum256([]byte(address))
	return append(append(key, address[:maxSeenKey-16]...), sum[:16]...)
}

func (s *store) robots(origin string) (a robotsAnswer, found bool, err error) {
	err = s.view(func(t *txn) error {
		found, err = t.get(bucketRobots, []byte(origin), &a)
		return err
	})
	return a, found, err
}

func (s *store) putRobots(origin string, a robotsAnswer, exchanges []exchange) error {
	data, _, err := exchangeMembers(exchanges)
	if err != nil {
		return err
	}
	if a.Ref, err = s.seg.append(data); err != nil {
		return fmt.Errorf("crawl: %w: %w", errStore, err)
	}
	return s.update(func(t *txn) error { return t.put(bucketRobots, []byte(origin), a) })
}

// robotsRefs are the exchanges of all robots.txt, by the hosts' addresses.
func (t *txn) robotsRefs() (refs []ref, err error) {
	err = t.tx.Bucket(bucketRobots).ForEach(func(_, v []byte) error {
		var a robotsAnswer
		if err := json.Unmarshal(v, &a); err != nil {
			return err
		}
		refs = append(refs, a.Ref)
		return nil
	})
	return refs, err
}

// began is the time at which this crawl was begun, by whichever process.
func (s *store) began(now time.Time) (at time.Time, err error) {
	err = s.update(func(t *txn) error {
		meta := t.tx.Bucket(bucketMeta)
		if v := meta.Get(keyBegan); v != nil {
			return at.UnmarshalBinary(v)
		}
		at = now.UTC()
		data, err := at.MarshalBinary()
		if err != nil {
			return err
		}
		return meta.Put(keyBegan, data)
	})
	return at, err
}
