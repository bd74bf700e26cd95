package crawl

import (
	"net/http"
	"strings"

	"wakong/crawl/warc"
)

// A revisit record says that an answer brought what another record holds. That one it
// names by its id (WARC-Refers-To) or address (WARC-Refers-To-Target-URI), or else by the
// digest of its payload alone. The payload is the same whichever record has that digest;
// what was answered with it need not be: all redirects without a body share one.

// namesOf are the records that a revisit of an address may refer to, the likeliest first.
func namesOf(rec *warc.Record, address, digest string) (names [3]pageKey) {
	if id := strings.Trim(rec.Get("WARC-Refers-To"), "<>"); id != "" {
		names[0] = idKey(id, digest)
	}
	if to, err := Canonical(strings.Trim(rec.Get("WARC-Refers-To-Target-URI"), "<>")); err == nil {
		names[1] = placeKey(to, digest)
	}
	names[2] = placeKey(address, digest)
	return names
}

func idKey(id, digest string) pageKey { return keyOf("id " + id + " " + digest) }

func placeKey(address, digest string) pageKey { return keyOf("at " + address + " " + digest) }

// note keeps where a payload is. The first record of each digest is found by that, if it
// is a page; others by their names alone.
func (c *captures) note(p payload, digest pageKey, names ...pageKey) {
	_, have := c.digests[digest]
	if !have {
		c.digests[digest] = p
	}
	if !have && p.ok {
		return
	}
	for _, name := range names {
		if _, have := c.named[name]; !have {
			c.named[name] = p
		}
	}
}

// payloadOf finds what a revisit refers to.
func (c *captures) payloadOf(visit revisited) (p payload, found bool) {
	for _, name := range visit.names {
		if p, found = c.named[name]; found {
			return p, true
		}
	}
	p, found = c.digests[visit.digest]
	if visit.bare && !p.ok {
		return p, false // a redirect, say, and nothing tells where to
	}
	return p, found
}

// resolve puts the payloads to the revisits that count, as far as the archives have
// them: crawlers do not write twice what they got from two addresses either.
func (c *captures) resolve() {
	for key, visit := range c.same {
		from, found := c.payloadOf(visit)
		if visit.bare {
			visit.ok = from.ok
		}
		old, known := c.best[key]
		if !found || known && !visit.before(old) {
			continue
		}
		visit.at = from.at
		c.best[key] = visit.capturedAt
	}
	c.same, c.digests, c.named = nil, nil, nil
}

// headOf gives a payload the head of the revisit that brought it again, but for the fields
// that tell how the payload is coded where it stands.
func (p *Page) headOf(visit Page) {
	head := visit.Header.Clone()
	for _, name := range []string{"Content-Encoding", "Content-Length", "Transfer-Encoding"} {
		take(head, p.Header, name)
	}
	if head.Get("Content-Type") == "" {
		take(head, p.Header, "Content-Type") // left out, as some crawlers do
	}
	p.Status, p.Header = visit.Status, head
}

// take sets the field of a head as another one has it, or has it not.
func take(to, from http.Header, name string) {
	if values := from.Values(name); len(values) > 0 {
		to[name] = values
		return
	}
	to.Del(name)
}
