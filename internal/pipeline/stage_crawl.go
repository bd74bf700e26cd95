package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
	o.Dir, o.Scratch, o.Progress = r.Dir, r.Scratch, p.progress
	report, err := crawl.Run(ctx, o)
	if errors.Is(err, crawl.ErrNoStories) {
		return fmt.Errorf("empty corpus: %w; check the selectors under crawl.sites (%s)", err, p.sourceList())
	}
	if err != nil {
		return err
	}
	failures := 0
	for _, site := range report.Sites {
		for _, kind := range site.Failures {
			failures += len(kind)
		}
	}
	p.ui.Info(Crawl, "%d stories on %d pages", report.Stories, report.Pages)
	for line := range strings.Lines(report.Text()) {
		p.ui.Info(Crawl, "%s", strings.TrimRight(line, "\n"))
	}
	if failures > 0 {
		p.ui.Warn(Crawl, "%d pages failed, they are listed in %s", failures, reportFile)
	}
	return nil
}
