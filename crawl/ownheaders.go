package crawl

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"wakong/crawl/header"
)

// ownHeaders are the header fields that a site's options ask for.
type ownHeaders struct {
	fields []header.Field
	hosts  map[string]bool // scheme and host of the start addresses
}

func (s Site) ownHeaders(starts []*url.URL) (h ownHeaders, err error) {
	h.hosts = map[string]bool{}
	for i, line := range s.Headers {
		f, err := header.Parse(line)
		if err != nil {
			return h, fmt.Errorf("headers[%d]: %w", i, err)
		}
		h.fields = append(h.fields, f)
	}
	for _, u := range starts {
		h.hosts[headerHost(u)] = true
	}
	return h, nil
}

// headerHost is who gets the fields: other hosts, and the same one without TLS,
// must not see what lets a user in.
func headerHost(u *url.URL) string { return strings.ToLower(u.Scheme) + " " + hostPort(u) }

// to are the fields for an address; nil is none.
func (h ownHeaders) to(address string) http.Header {
	u, err := url.Parse(address)
	if err != nil || len(h.fields) == 0 || !h.hosts[headerHost(u)] {
		return nil
	}
	fields := http.Header{}
	for _, f := range h.fields {
		fields.Add(f.Name, f.Value)
	}
	return fields
}

// identity are the fields as they decide which pages are fetched: a new password
// does not make it another crawl.
func (s Site) headerIdentity() (lines []string) {
	for _, line := range s.Headers {
		if f, err := header.Parse(line); err == nil && f.Secret() {
			line = f.Name
		}
		lines = append(lines, line)
	}
	return lines
}

// archivedFields are the fields of a request that the archive keeps. Any other
// one was asked for by the user, and may be a key.
var archivedFields = map[string]bool{
	"Accept": true, "Accept-Charset": true, "Accept-Encoding": true, "Accept-Language": true, "Cache-Control": true, "Dnt": true,
	"From": true, "If-Modified-Since": true, "If-None-Match": true, "Pragma": true, "Referer": true, "User-Agent": true,
}
