package pipeline

import (
	"fmt"
	"os"
	"regexp"
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
	o.ArchiveBytes = int64(p.config.Crawl.ArchiveSize) * 1_000_000
	for i, s := range p.config.Crawl.Sites {
		if p.offline || len(p.config.Crawl.Archives) > 0 {
			s.Headers, s.Proxy = nil, "" // no one is asked, so what is secret in them is not needed
		}
		headers, err := expandHeaders(s.Headers)
		if err != nil {
			return o, nil, fmt.Errorf("%w: crawl.sites[%d].%w", ErrUsage, i, err)
		}
		proxy, err := expand(s.Proxy)
		if err != nil {
			return o, nil, fmt.Errorf("%w: crawl.sites[%d].proxy: %w", ErrUsage, i, err)
		}
		o.Sites = append(o.Sites, crawl.Site{
			Name: s.Name, Start: s.Start,
			Story: crawl.Story(s.Story),
			Allow: s.Allow, Deny: s.Deny, MaxPages: s.MaxPages, MaxDepth: s.MaxDepth,
			Contact: s.Contact, Concurrency: s.Concurrency, Headers: headers, Sitemap: s.Sitemap, Proxy: proxy,
			Delay: time.Duration(s.Delay * float64(time.Second)),
		})
	}
	if o.Archives, err = p.namedFiles(); err != nil {
		return o, nil, err
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

var variable = regexp.MustCompile(`\$\{([^{}]*)\}`)

// expandHeaders puts the environment's variables into the values. The lines as
// they are written, and not what is secret, go into records.
func expandHeaders(lines []string) (out []string, err error) {
	for i, line := range lines {
		line, err := expand(line)
		if err != nil {
			return nil, fmt.Errorf("headers[%d]: %w", i, err)
		}
		out = append(out, line)
	}
	return out, nil
}

// expand puts the environment's variables into a text.
func expand(text string) (out string, err error) {
	out = variable.ReplaceAllStringFunc(text, func(found string) string {
		name := variable.FindStringSubmatch(found)[1]
		value, ok := os.LookupEnv(name)
		if !ok && err == nil {
			err = fmt.Errorf("the environment variable %q is not set", name)
		}
		return value
	})
	return out, err
}
