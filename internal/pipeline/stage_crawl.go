package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"wakong/crawl"
	"wakong/internal/demo"
	"wakong/internal/stage"
)

// runCrawl is the stage crawl.
func (p *Pipeline) runCrawl(ctx context.Context, r *stage.Run) (err error) {
	o := crawl.Options{Dir: r.Dir, Scratch: r.Scratch, Progress: p.progress}
	if c := p.config.Crawl; c.Redis != "" {
		o.Shared = crawl.Shared{URL: c.Redis, Crawl: c.SharedCrawl, Password: os.Getenv("WAKONG_REDIS_PASSWORD")}
	}
	for _, s := range p.config.Crawl.Sites {
		o.Sites = append(o.Sites, crawl.Site{
			Name: s.Name, Start: s.Start,
			Story: crawl.Story(s.Story),
			Allow: s.Allow, Deny: s.Deny, MaxPages: s.MaxPages, MaxDepth: s.MaxDepth,
			Contact: s.Contact, Concurrency: s.Concurrency,
			Delay: time.Duration(s.Delay * float64(time.Second)),
		})
	}
	if p.demonstration {
		address, stop, err := demo.Serve()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
		o.Resolve = map[string]string{demo.Host: address}
		o.Now = demo.CaptureTime
	}
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
