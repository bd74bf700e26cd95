package crawl

import (
	"crypto/tls"
	"fmt"
	"net"
	"time"
)

// Site is one web site to take stories from.
type Site struct {
	// Name stands in the documents and the report; each site's is its own.
	Name string `yaml:"name" json:"name"`
	// Start holds the addresses to begin with. Links are followed within their
	// hosts, and within the hosts to which they themselves are redirected.
	Start []string `yaml:"start" json:"start"`
	// Story says what of a page is a story.
	Story Story `yaml:"story" json:"story"`

	// Allow and Deny are regular expressions (RE2) on the whole address of a
	// link. With Allow given, only links that match one of them are followed;
	// a link that matches one of Deny is not. Start addresses are exempt.
	Allow []string `yaml:"allow" json:"allow,omitempty"`
	Deny  []string `yaml:"deny" json:"deny,omitempty"`
	// MaxPages bounds the addresses asked for, redirects included, robots.txt
	// not. 0 is DefaultMaxPages, negative is no bound.
	MaxPages int `yaml:"max_pages" json:"max_pages,omitempty"`
	// MaxDepth bounds the links between a start address (depth 0) and a page.
	// 0 is DefaultMaxDepth, negative is no bound.
	MaxDepth int `yaml:"max_depth" json:"max_depth,omitempty"`
	// Sitemap names sitemaps of the site, on hosts of its start addresses; one may be
	// given relative to the first of these ("/sitemap.xml"). A robots.txt stands for
	// the sitemaps that it names. What they list is followed like the links of a
	// page, as if it were as near as a start address; see package sitemap for what is
	// read. Sitemaps count among the addresses of MaxPages.
	Sitemap []string `yaml:"sitemap" json:"sitemap,omitempty"`

	// Contact is an e-mail or web address under which those who run the site
	// reach whoever crawls it; it becomes part of the user agent. A site that
	// is not on this machine cannot be crawled without.
	Contact string `yaml:"contact" json:"contact,omitempty"`
	// Delay between the end of one request to a host and the start of the next.
	// 0 is DefaultDelay for other machines and none for this one. A longer
	// Crawl-delay in robots.txt goes before it.
	Delay time.Duration `yaml:"delay" json:"delay,omitempty"`
	// Concurrency is the number of requests at once to a host. 0 is one for
	// other machines, DefaultConcurrency for this one.
	Concurrency int `yaml:"concurrency" json:"concurrency,omitempty"`
	// Headers are further header fields, each "Name: value", that are sent with
	// requests for pages to the hosts of the start addresses, and to no other: not
	// to those that they redirect to, nor for robots.txt. Not User-Agent and what
	// else the crawler sets itself.
	Headers []string `yaml:"headers" json:"headers,omitempty"`
	// Proxy is the address of an http, https or socks5 proxy by which the site is
	// fetched, robots.txt included; "" is none, also where the environment names
	// one. User name and password in it are sent to the proxy alone. What leads
	// to a private address is refused before the proxy is asked, as far as a
	// lookup on this machine tells; the proxy itself may stand anywhere.
	Proxy string `yaml:"proxy" json:"-"`
}

// Story tells, by CSS selectors, what on a page is a story. A page on which Body
// finds text is one; on any other page only the links count. Without Body the
// main text is found automatically, and must look like a story.
type Story struct {
	// Title selects the title: its first match that has text. Without a match
	// the title is the page's h1, or else its title element.
	Title string `yaml:"title" json:"title,omitempty"`
	// Body selects the text; several matches are joined in the page's order. ""
	// finds the main text by itself.
	Body string `yaml:"body" json:"body,omitempty"`
	// Remove selects what is left out of the body, such as advertisements.
	Remove string `yaml:"remove" json:"remove,omitempty"`
	// Author and Date select these; "" takes what the page declares. Of a date
	// the first one in the text counts.
	Author string `yaml:"author" json:"author,omitempty"`
	Date   string `yaml:"date" json:"date,omitempty"`
	// Next selects the link to the page that continues a story; the texts are
	// joined. "" finds it by its words and address, NextNone joins nothing.
	Next string `yaml:"next" json:"next,omitempty"`
	// Encoding of the pages where they lie about it; "" finds it out, see
	// [DecodeText].
	Encoding string `yaml:"encoding" json:"encoding,omitempty"`
	// MinCharacters, MinChinese and MaxLinks are what a text must have to be a
	// story: characters, the share of them that is Chinese, and the share that
	// stands in links. 0 is no such bound where Body is given, and
	// DefaultMinCharacters, DefaultMinChinese and DefaultMaxLinks where it is not.
	MinCharacters int     `yaml:"min_characters" json:"min_characters,omitempty"`
	MinChinese    float64 `yaml:"min_chinese" json:"min_chinese,omitempty"`
	MaxLinks      float64 `yaml:"max_links" json:"max_links,omitempty"`
}

// Bounds for a text that was found without a selector.
const (
	DefaultMinCharacters = 80
	DefaultMinChinese    = 0.5
	DefaultMaxLinks      = 0.4
)

// Defaults of Site and Limits.
const (
	DefaultMaxPages    = 10_000
	DefaultMaxDepth    = 200
	DefaultDelay       = time.Second
	DefaultConcurrency = 8
	// MaxCrawlDelay is the longest Crawl-delay of a robots.txt that is obeyed
	// in full; more is taken as this much.
	MaxCrawlDelay = 30 * time.Second
)

// Limits bound what one page may cost. The zero value of a field is its default.
type Limits struct {
	Time      time.Duration // one attempt, from dialling to the last byte; 20 s
	Bytes     int64         // body as sent, and again when decompressed; 10 MiB
	Redirects int           // redirects in a row; 10
	Retries   int           // further attempts after a failed one; 2, negative is none
	// RetryWait is the wait before the first further attempt, doubled for each
	// one after it, at most MaxWait; 1 s and 10 s. A page whose server asks for a
	// longer wait (Retry-After) is not asked for again, and the host rests.
	RetryWait time.Duration
	MaxWait   time.Duration
}

func (l Limits) withDefaults() Limits {
	set := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	set(&l.Time, 20*time.Second)
	set(&l.RetryWait, time.Second)
	set(&l.MaxWait, 10*time.Second)
	if l.Bytes <= 0 {
		l.Bytes = 10 << 20
	}
	if l.Redirects <= 0 {
		l.Redirects = 10
	}
	if l.Retries == 0 {
		l.Retries = 2
	}
	return l
}

// Options of [Run].
type Options struct {
	// Sites are crawled at the same time, each on its own.
	Sites []Site
	// Dir gets documents.jsonl, report.json and the archive. It is made if it is
	// missing.
	Dir string
	// Scratch keeps what a crawl needs to go on after it was killed; "" is the
	// folder scratch in Dir. It may be removed once Run has returned without
	// an error; kept, it makes Run write the same results without the network.
	Scratch string
	// Resolve maps the host:port of an address ("tales.example:80", the port may
	// be left out where it is the scheme's) to the address that is dialled for
	// it. Such a host counts as one on this machine.
	Resolve map[string]string
	// UserAgent is the product that names itself to sites and looks for itself in
	// robots.txt; "" is DefaultUserAgent. The site's contact is added to it.
	UserAgent string
	// Now gives the capture times in the archive; nil is time.Now. With a fixed
	// time, and servers that send no date of their own, the archive is the same
	// bytes in every run.
	Now func() time.Time
	// Shared makes this process one of several that share the crawl. The results in
	// Dir then are its part of the pages.
	Shared Shared
	// Previous are archives of earlier crawls, each the files of one of them in their
	// order. Of an address the first counts that has it. A page in them is asked for
	// on condition that it changed (ETag, Last-Modified). Where it did not, or
	// where the same bytes come, the archive gets the old response and a revisit
	// record that refers to it, and the old response is the page.
	Previous [][]string
	// ArchiveBytes is the size that an archive's file does not exceed, unless what one
	// address led to does alone; then the next one begins. 0 is DefaultArchiveBytes.
	ArchiveBytes int64
	// Offline answers every request from Previous, as the sites did then, robots.txt
	// included, and opens no connection. What is in none of them fails as
	// FailNoArchive. The results are those of a crawl on which the sites answer
	// the same.
	Offline bool
	// Archives are WARC files, of any crawlers, from which the pages are taken in
	// place of the network. Of an address the latest answer with status 200 counts,
	// or else the latest. What no start address leads to follows in the archives'
	// order, as far as it is of the sites' hosts. Links to what is in none of them
	// are counted as SkipNoArchive. No contact is needed.
	Archives []string
	// Limits of a page.
	Limits Limits
	// Progress is told how far the crawl is, at least every second; nil is no one.
	// Calls do not overlap.
	Progress func(Progress)

	// checkpoint is called at the moments between which a kill must lose nothing;
	// tests die there.
	checkpoint func(moment string)
	// resolver and tls are the machine's where they are nil; tests have their own.
	resolver *net.Resolver
	tls      *tls.Config
}

// DefaultUserAgent is the product token under which the crawler asks.
const DefaultUserAgent = "wakong/1.0"

// Names of the files that Run leaves in Options.Dir.
const (
	DocumentsFile = "documents.jsonl"
	ReportFile    = "report.json"
	ArchiveFile   = "crawl-00000.warc.gz" // the first one
)

// DefaultArchiveBytes is the default of Options.ArchiveBytes.
const DefaultArchiveBytes = 1_000_000_000

// archiveName is the name of the archive's file of that number.
func archiveName(n int) string { return fmt.Sprintf("crawl-%05d.warc.gz", n) }
