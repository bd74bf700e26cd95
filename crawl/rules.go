package crawl

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"wakong/crawl/proxy"
)

// siteRules is a site's options, checked and compiled.
type siteRules struct {
	Site
	starts             []*url.URL
	sitemaps           []string
	proxy              *url.URL // nil is none
	allow, deny        []*regexp.Regexp
	maxPages, maxDepth int // negative is no bound
	extract            *Extractor
	headers            ownHeaders
}

// takes tells whether the patterns let an entry in. Start addresses are named,
// and parts of a story belong to it; these and sitemaps must only not be denied.
func (s *siteRules) takes(e entry) bool {
	return e.Start || (s.isPart(e) || e.Map > 0) && !s.denies(e.URL) || s.wants(e.URL)
}

// isPart tells whether an entry continues a story: where one that does redirects, only
// what would be joined to it does (a page that has gone may redirect to any other).
func (s *siteRules) isPart(e entry) bool {
	return e.Parts > 0 && (e.Hops == 0 || s.Story.Next != "" || samePart(e.From, e.URL))
}

func (s *siteRules) wants(address string) bool {
	return (len(s.allow) == 0 || matchesAny(s.allow, address)) && !s.denies(address)
}

func (s *siteRules) denies(address string) bool { return matchesAny(s.deny, address) }

func matchesAny(patterns []*regexp.Regexp, address string) bool {
	for _, p := range patterns {
		if p.MatchString(address) {
			return true
		}
	}
	return false
}

// Validate says what is wrong with the options, as far as that can be told
// without the network.
func (o Options) Validate() error {
	_, err := o.compile()
	return err
}

func (o Options) compile() ([]*siteRules, error) {
	if len(o.Sites) == 0 {
		return nil, errors.New("crawl: no sites: each needs a name, start addresses and story selectors")
	}
	if len(o.Sites) > 1<<16 {
		return nil, fmt.Errorf("crawl: %d sites, at most %d", len(o.Sites), 1<<16)
	}
	for from, to := range o.Resolve {
		if _, _, err := net.SplitHostPort(to); err != nil {
			return nil, fmt.Errorf("crawl: resolve %s: %q is not host:port", from, to)
		}
	}
	if strings.ContainsAny(o.UserAgent, "\r\n") {
		return nil, errors.New("crawl: user agent: a line end in it")
	}
	if err := o.Shared.validate(); err != nil {
		return nil, err
	}
	if len(o.Archives) > 0 && o.Shared.URL != "" {
		return nil, errors.New("crawl: pages are taken from archives by one process, and not by several that share a crawl")
	}
	if len(o.Archives) > 0 && (o.Offline || len(o.Previous) > 0) {
		return nil, errors.New("crawl: pages are taken from archives (Archives) or from an earlier crawl's (Previous, Offline), not from both")
	}
	names := map[string]bool{}
	var all []*siteRules
	for i, s := range o.Sites {
		if s.Name == "" {
			return nil, fmt.Errorf("crawl: sites[%d]: no name", i)
		}
		if names[s.Name] {
			return nil, fmt.Errorf("crawl: sites[%d]: the name %q stands twice", i, s.Name)
		}
		names[s.Name] = true
		r, err := s.compile(newDialer(o.Resolve, nil), len(o.Archives) > 0)
		if err != nil {
			return nil, fmt.Errorf("crawl: site %s: %w", s.Name, err)
		}
		if o.UserAgent != "" {
			r.extract.product = productOf(o.UserAgent)
		}
		all = append(all, r)
	}
	return all, nil
}

// compile checks the options of a site, which is in archives or on the network.
func (s Site) compile(d *dialer, archived bool) (*siteRules, error) {
	r := &siteRules{Site: s, maxPages: s.MaxPages, maxDepth: s.MaxDepth}
	if r.maxPages == 0 {
		r.maxPages = DefaultMaxPages
	}
	if r.maxDepth == 0 {
		r.maxDepth = DefaultMaxDepth
	}
	if archived && s.MaxPages == 0 {
		r.maxPages = -1 // archives do end
	}
	if len(s.Start) == 0 {
		return nil, errors.New("start: no address to begin with")
	}
	if s.Contact != "" && (strings.ContainsAny(s.Contact, "\r\n()") || !strings.ContainsAny(s.Contact, "@:")) {
		return nil, fmt.Errorf("contact: %q is neither an e-mail address nor a web address", s.Contact)
	}
	for _, start := range s.Start {
		address, err := Canonical(start)
		if err != nil {
			return nil, fmt.Errorf("start: %w", err)
		}
		u, err := url.Parse(address)
		if err != nil {
			return nil, fmt.Errorf("start: %w", err)
		}
		if !archived && !d.isLocal(u) && s.Contact == "" {
			return nil, fmt.Errorf("start %s is another machine's: set contact to an e-mail or web address of yours, "+
				"under which the people who run the site can reach you (it is sent with every request)", address)
		}
		r.starts = append(r.starts, u)
	}
	var err error
	if r.sitemaps, err = s.sitemapAddresses(r.starts); err != nil {
		return nil, err
	}
	if s.Proxy != "" {
		if r.proxy, err = proxy.Parse(s.Proxy); err != nil {
			return nil, fmt.Errorf("proxy: %w", err)
		}
	}
	if r.allow, err = compilePatterns("allow", s.Allow); err != nil {
		return nil, err
	}
	if r.deny, err = compilePatterns("deny", s.Deny); err != nil {
		return nil, err
	}
	if r.headers, err = s.ownHeaders(r.starts); err != nil {
		return nil, err
	}
	if s.Delay < 0 || s.Concurrency < 0 {
		return nil, errors.New("delay and concurrency: a negative value")
	}
	r.extract, err = s.Story.Compile()
	return r, err
}

func compilePatterns(name string, patterns []string) ([]*regexp.Regexp, error) {
	var all []*regexp.Regexp
	for _, p := range patterns {
		re, err := regexp.Compile(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no regular expression: %w", name, p, err)
		}
		all = append(all, re)
	}
	return all, nil
}

// Identity is what a stored crawl must agree with to be gone on with: a hash of
// all that decides which pages are fetched. The story selectors are not among it
// (they only read what is stored), nor the addresses dialled, which change from
// run to run. A Scratch folder named by it serves crawls that differ in their
// selectors alone, and the second of them needs no network.
func (o Options) Identity() string {
	var parts []any
	for _, s := range o.Sites {
		s.Story = Story{Next: s.Story.Next} // which is followed
		s.Delay, s.Concurrency = 0, 0
		s.Headers = s.headerIdentity()
		if s.Contact != "" {
			s.Contact = "given" // which one changes no page
		}
		parts = append(parts, s)
	}
	o.setDefaults()
	limits := o.Limits
	limits.RetryWait, limits.MaxWait = 0, 0
	what := []any{"crawl state 3", parts, limits, o.UserAgent}
	if o.Shared.URL != "" {
		what = append(what, o.Shared.Crawl)
	}
	if o.Offline {
		what = append(what, o.Offline, o.previousIdentity())
	}
	if len(o.Archives) > 0 {
		what = append(what, "archives", filesIdentity(o.Archives))
	}
	data, _ := json.Marshal(what)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
