package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"wakong/crawl"
	"wakong/internal/atomicfile"
	"wakong/internal/stage"
)

// What of a crawl lies in the workspace beside the cache.
const (
	refreshFile = "refresh.json"
	pagesDir    = "pages"
)

// refreshInput names the input of the stage that a refresh is.
const refreshInput = "number of the refresh"

// refreshState tells how often the sites were asked for changes. The number is an
// input of the stage, since what the sites answer is: so each time has a result of
// its own, and one that was stopped is gone on with.
type refreshState struct {
	Number int  `json:"number"`
	Ended  bool `json:"ended"`
}

func (p *Pipeline) refreshPath() string { return filepath.Join(p.place.Dir, refreshFile) }

func (p *Pipeline) readRefresh() (s refreshState, err error) {
	data, err := os.ReadFile(p.refreshPath())
	if errors.Is(err, fs.ErrNotExist) {
		return p.recordedRefresh(), nil
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return s, nil // what is wrong with the workspace, opening it tells
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err == nil && s.Number < 1 {
		err = fmt.Errorf("found the number %d, expected 1 or more", s.Number)
	}
	if err != nil {
		return s, fmt.Errorf("how often the sites were crawled, in %s: %w (without the file, what %s says of the crawl counts)", p.refreshPath(), err, stage.LockFile)
	}
	return s, nil
}

// recordedRefresh finds what the lock says, where the file is missing: a workspace that
// was restored from a snapshot has none.
func (p *Pipeline) recordedRefresh() (s refreshState) {
	const most = 100_000 // refreshes, each of which takes hours
	lock, err := stage.ReadLock(filepath.Join(p.place.Dir, stage.LockFile))
	if err != nil {
		return s // opening the workspace tells
	}
	sum, ok := lock.Stages[Crawl].Inputs[refreshInput]
	for n := 1; ok && n <= most; n++ {
		if s = (refreshState{Number: n, Ended: true}); s.inputs()[0].SHA256 == sum {
			return s
		}
	}
	return refreshState{}
}

func (p *Pipeline) writeRefresh(s refreshState) error {
	return atomicfile.Write(p.refreshPath(), func(w io.Writer) error { return json.NewEncoder(w).Encode(s) })
}

// inputs are the stage's: none before the first refresh.
func (s refreshState) inputs() []stage.Input {
	if s.Number == 0 {
		return nil
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "refresh %d", s.Number))
	return []stage.Input{{Name: refreshInput, SHA256: hex.EncodeToString(sum[:])}}
}

// refresh begins another crawl of the sites where the last one has ended, and gives
// the stages with that. One that has not is gone on with.
func (p *Pipeline) refresh(ctx context.Context, stages []stage.Stage) ([]stage.Stage, error) {
	if p.demonstration {
		return nil, fmt.Errorf("%w: --refresh: the site of the demonstration is built in and never changes", ErrUsage)
	}
	if len(p.config.Crawl.Archives) > 0 {
		return nil, fmt.Errorf("%w: --refresh: the pages are taken from crawl.archives, and no site is asked", ErrUsage)
	}
	if err := p.noteEnded(); err != nil {
		return nil, err
	}
	s, err := p.readRefresh()
	if err != nil {
		return nil, err
	}
	_, _, err = p.workspace.Result(Crawl)
	switch {
	case s.Number == 0 && err != nil:
		p.ui.Info(Crawl, "nothing has been crawled yet that could be asked for again: crawling")
		return stages, nil
	case s.Number > 0 && !s.Ended:
		p.ui.Info(Crawl, "the refresh that was begun has not ended: going on with it")
		return stages, nil
	}
	if err := p.refuseEnded(ctx); err != nil {
		return nil, err
	}
	if err := p.writeRefresh(refreshState{Number: s.Number + 1}); err != nil {
		return nil, err
	}
	return p.stages()
}

// refuseEnded refuses to refresh under the name of a shared crawl that has ended: on its
// server all pages are done, and no process would be given any.
func (p *Pipeline) refuseEnded(ctx context.Context) error {
	if p.config.Crawl.Redis == "" {
		return nil
	}
	o, stop, err := p.crawlOptions()
	if err != nil {
		return err
	}
	ended, err := crawl.SharedEnded(ctx, o)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	if ended {
		return fmt.Errorf("%w: --refresh: the shared crawl %q has ended, and no page would be asked for again; give crawl.shared_crawl another name, the same for all processes that take part", ErrUsage, o.Shared.Crawl)
	}
	return nil
}

// beforeRefresh are the archives by which pages are asked for conditionally; the
// first crawl has none.
func (p *Pipeline) beforeRefresh() ([][]string, error) {
	s, err := p.readRefresh()
	if err != nil || s.Number == 0 {
		return nil, err
	}
	archives, err := p.crawlArchives()
	if errors.Is(err, errNoArchive) {
		return nil, nil // they were removed: all pages are asked for again
	}
	return archives, err
}

// keptPages is where the pages of a crawl are kept: named by what decides which are
// fetched, and not by how stories are read from them. So a wrong selector costs no
// second crawl.
func (p *Pipeline) keptPages(r *stage.Run, o crawl.Options) (string, error) {
	s, err := p.readRefresh()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(p.place.Dir, pagesDir, fmt.Sprintf("%.32s-%d", o.Identity(), s.Number))
	// The stage's own folder tells that there is something to go on with.
	if err := os.MkdirAll(r.Scratch, 0o755); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(r.Scratch, pagesDir), []byte(dir+"\n"), 0o644)
}

// noteEnded notes that the refresh has a result, once the lock names it: made now, found
// in the cache, or made before a kill. The next refresh is another one.
func (p *Pipeline) noteEnded() error {
	s, err := p.readRefresh()
	if err != nil || s.Number == 0 || s.Ended || s.inputs()[0].SHA256 != p.workspace.Lock().Stages[Crawl].Inputs[refreshInput] {
		return err
	}
	s.Ended = true
	return p.writeRefresh(s)
}

// removeOtherPages removes the pages of the crawls before one that has ended.
func removeOtherPages(kept string) error {
	others, err := os.ReadDir(filepath.Dir(kept))
	for _, other := range others {
		if other.Name() != filepath.Base(kept) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(filepath.Dir(kept), other.Name())))
		}
	}
	return err
}
