package pipeline

import (
	"os"
	"time"

	"wakong/crawl"
	"wakong/internal/demo"
)

// crawlOptions are the crawler's options for the configured sites. stop ends the
// server of the demonstration.
func (p *Pipeline) crawlOptions() (o crawl.Options, stop func() error, err error) {
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
	if !p.demonstration {
		return o, func() error { return nil }, nil
	}
	address, stop, err := demo.Serve()
	if err != nil {
		return o, nil, err
	}
	o.Resolve = map[string]string{demo.Host: address}
	o.Now = demo.CaptureTime
	return o, stop, nil
}
