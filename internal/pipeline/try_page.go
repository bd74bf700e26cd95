package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"wakong/crawl"
)

// TryPage fetches one page and prints what it yields. The site is the first that
// has a start address on its host; for any other page one without settings.
func (p *Pipeline) TryPage(ctx context.Context, address string) (err error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return fmt.Errorf("%w: --try: found %q, expected an address such as https://tales.example/tale/1", ErrUsage, address)
	}
	o, stop, err := p.crawlOptions()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	o.Shared = crawl.Shared{}
	o.Sites = []crawl.Site{siteOf(o.Sites, u)}
	trial, err := crawl.Try(ctx, o, address)
	if err != nil {
		return err
	}
	p.ui.Printf("%s%s", "site      "+o.Sites[0].Name+"\n", trial.Text())
	if trial.Failure != "" {
		return fmt.Errorf("the page could not be used: %s", trial.Failure)
	}
	return nil
}

func siteOf(sites []crawl.Site, page *url.URL) crawl.Site {
	for _, s := range sites {
		for _, start := range s.Start {
			if u, err := url.Parse(start); err == nil && strings.EqualFold(u.Host, page.Host) {
				return s
			}
		}
	}
	return crawl.Site{Name: "(none of the configuration)", Start: []string{page.String()}}
}
