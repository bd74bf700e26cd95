// Package crawl takes stories from web sites: politely, so that it can be killed
// and go on, and so that everything it saw stays in a WARC archive.
//
// Glossary:
//
//   - site: start addresses, the selectors of a story, and bounds ([Site]).
//   - address: a URL in its canonical form ([Canonical]); two addresses with
//     the same canonical form are one.
//   - page: an answer with status 200 that is HTML.
//   - story: the text that a site's selectors find on a page ([Document]).
//   - frontier: the queue of addresses found and not yet done.
//   - exchange: one request and its complete answer; a page has several when
//     attempts were repeated. Answers that broke off or exceeded a limit are
//     in the report, not in the archive.
//   - archive: all exchanges, as WARC 1.1 (package crawl/warc).
//   - scratch: the state of a crawl on disk, from which a killed one goes on.
//   - local: on this machine; a loopback address, or one in [Options].Resolve.
//
// # How it works
//
// colly makes the requests and parses the pages. Underneath it stands a stack of
// http.RoundTrippers of ours: robots.txt, repeated attempts, one gate a host,
// limits and capture, and a dialer that refuses private addresses. Redirects
// are not followed on the spot: the target becomes an entry of the frontier,
// and so passes robots.txt, scope, politeness and the archive like any address.
//
// Results do not depend on how requests happen to interleave: fetching runs
// ahead of the frontier's order, following links keeps it. Stories are read from
// the stored exchanges after the crawl, so what an archive yields without the
// network is the same.
//
// # What it leaves in Options.Dir
//
//   - documents.jsonl: a [Document] a line, in the frontier's order (breadth
//     first, sites in the order of the options).
//   - report.json: a [Report].
//   - crawl-00000.warc.gz: a warcinfo record, the exchanges for robots.txt by
//     host, the pages' exchanges in the frontier's order.
//
// The archive holds capture times and the servers' own Date fields. With a fixed
// [Options].Now and servers that send no Date it is the same bytes every time.
//
// # Manners
//
// robots.txt is obeyed as RFC 9309 has it, also for targets of redirects; links
// with rel=nofollow and pages with such a robots element or X-Robots-Tag are not
// followed, and pages with noindex give no story. Other machines get one connection a host and a second of rest between requests, or
// more if robots.txt asks for it, and are told a contact. No cookies are
// kept. Private, loopback and link-local addresses are refused, after the name
// was looked up, unless a start address names them literally.
package crawl
