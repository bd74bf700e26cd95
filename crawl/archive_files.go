package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"wakong/crawl/warc"
)

// archiveFiles writes the files of an archive. What one address led to stands in one
// of them.
type archiveFiles struct {
	dir, agent string
	began      time.Time
	limit      int64 // bytes of a file
	files      []*output
	size       int64 // of the last one
	head       int64 // of its warcinfo record
	buffer     []byte
}

// add copies members into the file that has room for them.
func (a *archiveFiles) add(from io.Reader, length int64) error {
	if length == 0 {
		return nil
	}
	if a.size > a.head && a.size+length > a.limit {
		if err := a.begin(); err != nil {
			return err
		}
	}
	out := a.files[len(a.files)-1]
	if a.buffer == nil {
		a.buffer = make([]byte, 32<<10)
	}
	// Hidden behind io.Writer, since bufio's ReadFrom would have the file make a buffer
	// for each page: more than is collected while the machine is busy.
	n, err := io.CopyBuffer(struct{ io.Writer }{out}, from, a.buffer)
	if err == nil && n != length {
		err = fmt.Errorf("%d bytes of %d", n, length)
	}
	if err != nil {
		return fmt.Errorf("crawl: writing %s: %w", out.path, err)
	}
	a.size += length
	return nil
}

// begin opens the next file with a record that tells what it is.
func (a *archiveFiles) begin() error {
	name := archiveName(len(a.files))
	out, err := newOutput(a.dir, name)
	if err != nil {
		return err
	}
	last := len(a.files) - 1
	a.files = append(a.files, out)
	if last >= 0 {
		if err := a.files[last].finish(); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	err = warc.WriteMember(&b, infoRecord(name, a.agent, a.began))
	if err == nil {
		_, err = out.Write(b.Bytes())
	}
	if err != nil {
		return fmt.Errorf("crawl: writing %s: %w", out.path, err)
	}
	a.size, a.head = int64(b.Len()), int64(b.Len())
	return nil
}

func (a *archiveFiles) discard() {
	for _, f := range a.files {
		f.discard()
	}
}

// removeOthers removes the files of a longer archive that stood in the folder.
func (a *archiveFiles) removeOthers() error {
	// The name alone is matched: in the folder's path brackets are brackets.
	found, err := os.ReadDir(a.dir)
	for _, entry := range found {
		path := filepath.Join(a.dir, entry.Name())
		others, _ := filepath.Match("crawl-[0-9][0-9][0-9][0-9][0-9].warc.gz", entry.Name())
		if others && !slices.ContainsFunc(a.files, func(f *output) bool { return f.path == path }) {
			err = errors.Join(err, os.Remove(path))
		}
	}
	if err != nil {
		return fmt.Errorf("crawl: %w", err)
	}
	return nil
}

// archive writes the WARC files: a warcinfo record, the hosts' robots.txt by
// address, the pages in the order of the frontier. The members are copied as
// they were stored.
func (r *run) archive(ctx context.Context, files *archiveFiles) error {
	var robots []ref
	err := r.store.view(func(t *txn) (err error) {
		robots, err = t.robotsRefs()
		return err
	})
	if err != nil {
		return err
	}
	if err := files.begin(); err != nil {
		return err
	}
	add := func(at ref) error { return files.add(r.store.seg.reader(at), at.Length) }
	for _, at := range robots {
		if err := add(at); err != nil {
			return err
		}
	}
	for i := range r.rules {
		err := r.each(ctx, i, func(pages []fetched) error {
			for _, p := range pages {
				if err := add(p.o.Records); err != nil {
					return err
				}
			}
			return nil
		}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}
