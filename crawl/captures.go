package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wakong/crawl/warc"
)

// captures are what the archives of any crawlers hold, by canonical address, of each
// address one answer: the latest with status 200, or else the latest of all. In memory
// it has some 200 bytes for each address and each payload digest, and while it is made 100
// more for each record in named.
type captures struct {
	files []*os.File
	// spill has, each as a member of its own, the records that stand in the middle
	// of a gzip member, where they cannot be read again without those before them.
	spill *os.File
	end   int64 // of spill
	best  map[pageKey]capturedAt
	// same are the answers that only say that they brought what another record
	// holds, by the digest of that; see resolve.
	same    map[pageKey]revisited
	digests map[pageKey]payload
	// named has, by the ways in which revisits name them, the records that their digest
	// does not find: those behind the first one of a digest, and such as are no pages.
	named  map[pageKey]payload
	list   *addressList
	began  time.Time // date of the first record
	damage Damage
}

// capturedAt is the place of a capture, and what makes one count before another.
type capturedAt struct {
	at   recordPlace
	ok   bool  // status 200
	when int64 // of the capture, in s
	// revisit tells that the head of the record there goes with the payload at at.
	revisit bool
	head    recordPlace
}

type revisited struct {
	capturedAt
	digest pageKey
	names  [3]pageKey // see names
	bare   bool       // it has no head: all is as the record says that it refers to
}

// payload is the place of a record that revisits may refer to.
type payload struct {
	at recordPlace
	ok bool // status 200
}

// before tells whether a counts in place of b.
func (a capturedAt) before(b capturedAt) bool {
	if a.ok != b.ok {
		return a.ok
	}
	return a.when > b.when
}

const maxDamagePlaces = 20

// openCaptures reads the archives. What it cannot hold in memory it keeps in dir until
// it is closed.
func openCaptures(ctx context.Context, archives []string, dir string) (c *captures, err error) {
	c = &captures{best: map[pageKey]capturedAt{}, same: map[pageKey]revisited{}, digests: map[pageKey]payload{}, named: map[pageKey]payload{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.close())
		}
	}()
	if c.list, err = newAddressList(dir); err != nil {
		return c, err
	}
	if c.spill, err = os.Create(filepath.Join(dir, "records.tmp")); err != nil {
		return c, fmt.Errorf("crawl: %w", err)
	}
	c.files = append(c.files, c.spill)
	for _, path := range archives {
		if err := c.read(ctx, path); err != nil {
			return c, err
		}
	}
	c.resolve()
	return c, c.list.end()
}

func (c *captures) close() (err error) {
	for _, f := range c.files {
		err = errors.Join(err, f.Close())
	}
	if c.spill != nil {
		err = errors.Join(err, os.Remove(c.spill.Name()))
	}
	if c.list != nil {
		err = errors.Join(err, c.list.remove())
	}
	return err
}

// read notes the captures of one file. A record that cannot be read is passed over, but
// for the first: then it is no archive.
func (c *captures) read(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("crawl: %w", err)
	}
	c.files = append(c.files, f)
	number := int32(len(c.files) - 1)
	in, err := warc.NewReader(f)
	if err != nil {
		return fmt.Errorf("crawl: %s is no WARC archive: %w", path, err)
	}
	for read := 0; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		rec, err := in.Next()
		if errors.Is(err, io.EOF) {
			if read == 0 {
				return fmt.Errorf("crawl: %s is no WARC archive: found no record in it", path)
			}
			return nil
		}
		var disk *os.PathError
		switch {
		case err == nil:
			read++
			if err := c.add(rec, in.Place(), number); err != nil {
				return err
			}
			continue
		case errors.As(err, &disk):
			return fmt.Errorf("crawl: reading the archive: %w", err)
		case read == 0 && !errors.Is(err, warc.ErrTooLarge):
			return fmt.Errorf("crawl: %s is no WARC archive: %w", path, err)
		}
		read++
		c.damaged(path, in.Place().Offset, err)
		if err := in.Resume(); errors.As(err, &disk) {
			return fmt.Errorf("crawl: reading the archive: %w", err)
		} else if err != nil {
			return nil // nothing more in it that is a record
		}
	}
}

func (c *captures) damaged(path string, offset int64, err error) {
	c.damage.Records++
	if len(c.damage.Places) < maxDamagePlaces {
		c.damage.Places = append(c.damage.Places, fmt.Sprintf("%s at byte %d: %v", filepath.Base(path), offset, err))
	}
}

// add notes a record, where it is an answer to an address that can be asked for.
func (c *captures) add(rec *warc.Record, at warc.Place, file int32) error {
	if c.began.IsZero() {
		c.began = recordTime(rec)
	}
	address, err := Canonical(target(rec))
	if err != nil {
		return nil // dns:, metadata: and the like
	}
	switch rec.Type() {
	case warc.TypeResponse, warc.TypeResource:
	case warc.TypeRevisit:
		if rec.Get("WARC-Payload-Digest") == "" || !strings.Contains(rec.Get("WARC-Profile"), "identical-payload-digest") {
			return nil // it says nothing that the answer before it does not
		}
	default:
		return nil
	}
	page, err := captured(rec)
	if err != nil {
		c.damaged(c.files[file].Name(), at.Offset, err)
		return nil
	}
	if page.Status == 0 {
		return nil // neither an exchange nor a file
	}
	key := keyOf(address)
	found := capturedAt{ok: page.Status == http.StatusOK, when: page.Time.Unix()}
	if found.ok && mayBePage(page.Header) && !isRobots(address) {
		if err := c.list.add(key, address); err != nil {
			return err
		}
	}
	digest := strings.ToLower(rec.Get("WARC-Payload-Digest"))
	if rec.Type() == warc.TypeRevisit {
		if old, known := c.same[key]; known && !found.before(old.capturedAt) {
			return nil
		}
		found.revisit = true
		found.head, err = c.place(rec, at, file)
		c.same[key] = revisited{found, keyOf(digest), namesOf(rec, address, digest), len(rec.Block) == 0}
		return err
	}
	old, known := c.best[key]
	better := !known || found.before(old)
	if !better && digest == "" {
		return nil
	}
	if found.at, err = c.place(rec, at, file); err != nil {
		return err
	}
	if digest != "" {
		c.note(payload{found.at, found.ok}, keyOf(digest), idKey(rec.ID(), digest), placeKey(address, digest))
	}
	if better {
		c.best[key] = found
	}
	return nil
}

// captured is the answer of a record, its body as sent.
func captured(rec *warc.Record) (Page, error) {
	if rec.Type() == warc.TypeRevisit && len(rec.Block) == 0 {
		p := pageOf(rec) // the head may be left out too
		p.Status, p.Header = http.StatusOK, http.Header{}
		return p, nil
	}
	if rec.Type() == warc.TypeRevisit || rec.Type() == warc.TypeResponse {
		if !isHTTP(rec) {
			return Page{}, nil
		}
		return messageOf(rec, warc.MaxBlock)
	}
	return archivedAs(rec)
}

func isRobots(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Path == "/robots.txt"
}

// place is where the record can be read again.
func (c *captures) place(rec *warc.Record, at warc.Place, file int32) (recordPlace, error) {
	if at.Within == 0 {
		return recordPlace{at.Offset, file}, nil
	}
	out := io.NewOffsetWriter(c.spill, c.end)
	count := &countingWriter{w: out}
	if err := warc.WriteMember(count, rec); err != nil {
		return recordPlace{}, fmt.Errorf("crawl: writing %s: %w", c.spill.Name(), err)
	}
	p := recordPlace{c.end, 0}
	c.end += count.n
	return p, nil
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

func (c *captures) has(address string) bool {
	_, ok := c.best[keyOf(address)]
	return ok
}

// history is the capture of an address; one without exchanges is none.
func (c *captures) history(address string) (h history, err error) {
	found, ok := c.best[keyOf(address)]
	if !ok {
		return h, nil
	}
	page, rec, err := c.again(found.at)
	if err != nil {
		return h, err
	}
	if found.revisit {
		var visit Page
		if visit, rec, err = c.again(found.head); err != nil {
			return h, err
		}
		if len(rec.Block) > 0 {
			page.headOf(visit)
		}
		page.Time = visit.Time
	}
	h.exchanges = []exchange{{
		url: address, time: page.Time, ip: rec.Get("WARC-IP-Address"), head: plainHead(page), body: page.Body,
	}}
	return h, nil
}

// again reads a capture that was read before.
func (c *captures) again(at recordPlace) (Page, *warc.Record, error) {
	rec, err := recordAt(c.files[at.file], at.offset)
	if err != nil {
		return Page{}, nil, err
	}
	page, err := captured(rec)
	if err != nil {
		err = fmt.Errorf("crawl: %w: %s at byte %d: %w", errStore, c.files[at.file].Name(), at.offset, err)
	}
	return page, rec, err
}

// plainHead is the head of an answer whose transfer encoding is undone.
func plainHead(p Page) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", p.Status, http.StatusText(p.Status))
	header := p.Header.Clone()
	header.Set("Content-Length", fmt.Sprint(len(p.Body)))
	writeFields(&b, header, "Transfer-Encoding")
	return b.Bytes()
}
