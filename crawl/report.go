package crawl

// Reasons for which an address is not fetched, or what is fetched not read. They
// are no failures: the site or the options say so.
const (
	SkipRobots    = "robots.txt"         // the site asks not to fetch it
	SkipNofollow  = "nofollow"           // the page asks not to follow it
	SkipHost      = "other host"         // it leads away from the site
	SkipPattern   = "allow and deny"     // the site's patterns exclude it
	SkipDepth     = "max_depth"          // too many links from a start address
	SkipPages     = "max_pages"          // the site has more pages than may be asked for
	SkipAddress   = "not an address"     // mailto:, javascript:, too long, or malformed
	SkipNotHTML   = "not html"           // an image, a document
	SkipSitemap   = "sitemap"            // a list of addresses, read for these
	SkipSitemaps  = "too many sitemaps"  // nested deeper than 3, or more than 1,000 on a site
	SkipNoContact = "no contact"         // redirected to another machine's host, without a contact
	SkipDuplicate = "story of two sites" // an earlier site of the options has it
	SkipOther     = "other process"      // a process that shares the crawl has it, since this one was silent
	SkipNoindex   = "noindex"            // the page asks not to use its text, which would be a story
	SkipShort     = "too short"          // its text has fewer characters than a story
	SkipForeign   = "not chinese"        // its text has too few Chinese characters
	SkipLinks     = "mostly links"       // its text is a list of links
	SkipNoArchive = "not archived"       // it is in none of the archives that the options name
	SkipPart      = "part of a story"    // its text was joined to the page before it
)

// Report tells what a crawl did. It holds no times, so that the same sites give
// the same report.
type Report struct {
	Addresses int64        `json:"addresses"` // asked for, robots.txt not counted
	Pages     int64        `json:"pages"`     // answered with a page
	Stories   int64        `json:"stories"`
	Bytes     int64        `json:"bytes"` // of bodies, as sent
	Sites     []SiteReport `json:"sites"`
	// Damage is what could not be read of the archives that the options name.
	Damage *Damage `json:"damage,omitempty"`
}

// Damage counts records of archives that could not be read.
type Damage struct {
	Records int64 `json:"records"`
	// Places tells of the first ones where they are and what was found.
	Places []string `json:"places"`
}

// SiteReport is the part of one site.
type SiteReport struct {
	Name      string `json:"name"`
	Addresses int64  `json:"addresses"`
	Pages     int64  `json:"pages"`
	Stories   int64  `json:"stories"`
	Redirects int64  `json:"redirects"`
	Bytes     int64  `json:"bytes"`
	// Skipped counts addresses by reason, each address once, if no other way led to it
	// by which it was followed.
	Skipped map[string]int64 `json:"skipped"`
	// Failures lists what failed by kind, in the order of the crawl.
	Failures map[string][]Failure `json:"failures"`
}

// Failure is an address that could not be fetched or read.
type Failure struct {
	URL  string `json:"url"`
	From string `json:"from,omitempty"` // the page that links or redirects to it
}

// Failed is the number of addresses that failed.
func (r Report) Failed() (n int64) {
	for _, s := range r.Sites {
		for _, failures := range s.Failures {
			n += int64(len(failures))
		}
	}
	return n
}

// add counts one entry.
func (r *SiteReport) add(e entry, o outcome) {
	if o.Skip != SkipRobots && o.Skip != SkipNoContact {
		r.Addresses++
	}
	r.Bytes += o.Bytes
	switch {
	case o.Failure != "":
		r.Failures[o.Failure] = append(r.Failures[o.Failure], Failure{e.URL, e.From})
	case o.Skip != "":
		r.Skipped[o.Skip]++
	case o.Status >= 300:
		r.Redirects++
	default:
		r.Pages++
	}
}
