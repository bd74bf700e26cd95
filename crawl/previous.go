package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wakong/crawl/warc"
)

// previous is what archives of earlier crawls hold, by address. In memory it has
// some 40 bytes for each record.
type previous struct {
	files   []*os.File
	records map[pageKey][]recordPlace
	began   time.Time // date of the first record
}

type recordPlace struct {
	offset int64
	file   int32
}

// openPrevious reads archives that a crawl of ours wrote. Each element of archives
// is the files of one crawl; an address counts as the first one has it that has it.
func openPrevious(ctx context.Context, archives [][]string) (*previous, error) {
	p := &previous{records: map[pageKey][]recordPlace{}}
	for _, files := range archives {
		found := map[pageKey][]recordPlace{}
		for _, path := range files {
			if err := p.index(ctx, path, found); err != nil {
				return nil, errors.Join(err, p.close())
			}
		}
		for k, places := range found {
			if _, known := p.records[k]; !known {
				p.records[k] = places
			}
		}
	}
	return p, nil
}

// previousIdentity is by what archives of earlier crawls are known again: names and
// sizes.
func (o Options) previousIdentity() (what []string) {
	for _, files := range o.Previous {
		what = append(what, filesIdentity(files)...)
	}
	return what
}

func filesIdentity(files []string) (what []string) {
	for _, path := range files {
		size := int64(-1)
		if info, err := os.Stat(path); err == nil {
			size = info.Size()
		}
		what = append(what, fmt.Sprintf("%s %d", filepath.Base(path), size))
	}
	return what
}

func (p *previous) close() (err error) {
	for _, f := range p.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

func (p *previous) index(ctx context.Context, path string, found map[pageKey][]recordPlace) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("crawl: %w", err)
	}
	p.files = append(p.files, f)
	in, err := warc.NewReader(f)
	if err != nil {
		return fmt.Errorf("crawl: %s is no WARC archive: %w", path, err)
	}
	for {
		var rec *warc.Record
		if rec, err = in.Next(); err != nil {
			break
		}
		if err = ctx.Err(); err != nil {
			break
		}
		at := in.Place()
		if p.began.IsZero() {
			p.began = recordTime(rec)
		}
		switch rec.Type() {
		case warc.TypeRequest, warc.TypeResponse, warc.TypeMetadata, warc.TypeRevisit:
		default:
			continue
		}
		if at.Within > 0 {
			return fmt.Errorf("crawl: %s: the record at byte %d is no gzip member of its own, as a crawl's archive has them; archives of other crawlers are named apart (crawl.archives)", path, at.Offset)
		}
		k := keyOf(target(rec))
		found[k] = append(found[k], recordPlace{at.Offset, int32(len(p.files) - 1)})
	}
	if err != io.EOF {
		return fmt.Errorf("crawl: reading the archive %s at byte %d: %w", path, in.Place().Offset, err)
	}
	return nil
}

func target(rec *warc.Record) string { return strings.Trim(rec.Get("WARC-Target-URI"), "<>") }

// history is what an archive holds of one address.
type history struct {
	exchanges []exchange
	ending    ending
}

// history reads what there is of an address; without any it has no exchanges and
// no ending.
func (p *previous) history(address string) (h history, err error) {
	var request []byte
	for _, at := range p.records[keyOf(address)] {
		rec, err := p.record(at)
		if err != nil {
			return h, err
		}
		switch rec.Type() {
		case warc.TypeRequest:
			request = rec.Block
		case warc.TypeMetadata:
			if found, ours := endingOf(rec); ours {
				h.ending = found
			}
		case warc.TypeResponse, warc.TypeRevisit:
			head, body, ok := bytes.Cut(rec.Block, []byte("\r\n\r\n"))
			if !ok {
				return h, fmt.Errorf("crawl: %w: %s at byte %d: not an HTTP message", errStore, p.files[at.file].Name(), at.offset)
			}
			ex := exchange{url: address, ip: rec.Get("WARC-IP-Address"), request: request, head: rec.Block[:len(head)+4], body: body}
			ex.time, _ = time.Parse(time.RFC3339, rec.Get("WARC-Date"))
			if rec.Type() == warc.TypeRevisit {
				if ex.profile = rec.Get("WARC-Profile"); len(h.exchanges) == 0 {
					return h, fmt.Errorf("crawl: %w: %s at byte %d: a revisit without the response that it refers to before it", errStore, p.files[at.file].Name(), at.offset)
				}
			}
			h.exchanges = append(h.exchanges, ex)
		}
	}
	return h, nil
}

func (p *previous) record(at recordPlace) (*warc.Record, error) {
	return recordAt(p.files[at.file], at.offset)
}

// recordAt reads the record that begins at an offset of a file.
func recordAt(f *os.File, offset int64) (*warc.Record, error) {
	in, err := warc.NewReader(io.NewSectionReader(f, offset, 1<<62))
	if err == nil {
		var rec *warc.Record
		if rec, err = in.Next(); err == nil {
			return rec, nil
		}
	}
	return nil, fmt.Errorf("crawl: %w: the record in %s at byte %d: %w", errStore, f.Name(), offset, err)
}
