package crawl

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"wakong/crawl/sitemap"
)

// Bounds on the sitemaps of a site, beside those of one sitemap.
const (
	maxSitemaps     = 1000
	maxSitemapDepth = 3 // one that is named, and two levels of indexes below
)

// sitemapAddresses are the site's sitemaps. Their hosts are the start addresses':
// where these redirect to is not known yet.
func (s Site) sitemapAddresses(starts []*url.URL) (all []string, err error) {
	for i, address := range s.Sitemap {
		at, err := starts[0].Parse(strings.TrimSpace(address))
		if err == nil {
			address, err = Canonical(at.String())
		}
		if err != nil {
			return nil, fmt.Errorf("sitemap[%d]: %w", i, err)
		}
		at, err = url.Parse(address)
		if err != nil {
			return nil, fmt.Errorf("sitemap[%d]: %w", i, err)
		}
		if !slices.ContainsFunc(starts, func(u *url.URL) bool { return hostKey(u) == hostKey(at) }) {
			return nil, fmt.Errorf("sitemap[%d]: found the host %s, expected that of a start address", i, hostKey(at))
		}
		all = append(all, address)
	}
	return all, nil
}

// first are the entries that a crawl begins with.
func (s *siteRules) first() (all []entry) {
	for _, start := range s.starts {
		all = append(all, entry{URL: start.String(), Start: true})
	}
	for _, address := range s.sitemaps {
		all = append(all, entry{URL: address, Map: 1})
	}
	return all
}

// readSitemap takes what a sitemap lists, or a robots.txt that names sitemaps.
func (o *outcome) readSitemap(address string, body []byte) {
	if u, err := url.Parse(address); err == nil && u.Path == "/robots.txt" {
		o.Skip, o.Sitemaps = SkipSitemap, parseRobots(body, "").sitemaps
		return
	}
	s, err := sitemap.Read(bytes.NewReader(body))
	switch o.Links, o.Sitemaps = s.Pages, s.Sitemaps; {
	case err == nil:
		o.Skip = SkipSitemap
	case errors.Is(err, sitemap.ErrTooLarge):
		o.Failure = FailTooLarge
	default:
		o.Failure = FailSitemap
	}
}
