package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"wakong/crawl"
	"wakong/internal/stage"
)

// runCrawl is the stage crawl.
func (p *Pipeline) runCrawl(ctx context.Context, r *stage.Run) (err error) {
	o, stop, err := p.crawlOptions()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	o.Dir, o.Scratch, o.Progress = r.Dir, r.Scratch, p.crawled
	keeping := p.archives == nil && !p.demonstration && len(o.Archives) == 0
	if keeping {
		if o.Previous, err = p.beforeRefresh(); err != nil {
			return err
		}
		if o.Scratch, err = p.keptPages(r, o); err != nil {
			return err
		}
	}
	if p.archives != nil {
		// What a crawl by way of the network had stored stays for its next run.
		o.Offline, o.Previous, o.Scratch = true, p.archives, filepath.Join(r.Scratch, "offline")
		o.Shared = crawl.Shared{}
	}
	report, err := crawl.Run(ctx, o)
	if errors.Is(err, crawl.ErrNoStories) {
		return fmt.Errorf("empty corpus of %s: %w", p.sourceList(), err)
	}
	if err != nil {
		return err
	}
	if keeping {
		if err := removeOtherPages(o.Scratch); err != nil {
			return err
		}
	}
	failures := report.Failed()
	lacking := 0
	for _, site := range report.Sites {
		lacking += len(site.Failures[crawl.FailNoArchive])
	}
	p.ui.Info(Crawl, "%d stories on %d pages", report.Stories, report.Pages)
	for line := range strings.Lines(report.Text()) {
		p.ui.Info(Crawl, "%s", strings.TrimRight(line, "\n"))
	}
	if d := report.Damage; d != nil {
		p.ui.Warn(Crawl, "%d records of the archives could not be read; the first: %s", d.Records, d.Places[0])
	}
	if lacking > 0 {
		p.ui.Warn(Crawl, "%d pages are in no archive", lacking)
	}
	if failures > 0 {
		p.ui.Warn(Crawl, "%d pages failed, they are listed in %s", failures, reportFile)
	}
	return nil
}

// crawled shows how far the crawl is, and what it waits for.
func (p *Pipeline) crawled(now crawl.Progress) {
	if p.task == nil {
		return
	}
	note := fmt.Sprintf("%d queued, %d failed, %.1f MB", now.Queued(), now.Failed, float64(now.Bytes)/1e6)
	switch s := now.Slowest; {
	case s.Rest >= time.Second:
		note += fmt.Sprintf(", %.40s rests %.0f s", s.Host, s.Rest.Seconds())
	case s.Answer >= time.Second:
		note += fmt.Sprintf(", %.40s takes %.1f s", s.Host, s.Answer.Seconds())
	case s.Host != "":
		note += fmt.Sprintf(", %.40s takes %d ms", s.Host, s.Answer.Milliseconds())
	}
	p.task.Note("%s", note)
	p.task.Progress(now.Done, now.Known)
}
