package crawl

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// maxRobots is how much of a robots.txt is read; RFC 9309 asks for at least
// 500 KiB.
const maxRobots = 500 << 10

// robotsRules is one robots.txt as it applies to one crawler, read as RFC 9309
// says: the group with the longest matching product token, or else the group
// for *; of the matching rules the longest pattern; of equals, allow.
//
// (The library that colly brings rejects a whole file for one bad line and
// compares patterns by the length of the regular expressions it makes of them.)
type robotsRules struct {
	rules []robotsRule
	delay time.Duration
	// sitemaps are those that the file names, for whichever crawler.
	sitemaps []string
}

type robotsRule struct {
	pattern string
	allow   bool
}

// parseRobots reads a robots.txt for the crawler of that product token.
func parseRobots(text []byte, product string) *robotsRules {
	if len(text) > maxRobots {
		text = text[:maxRobots]
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	product = strings.ToLower(product)

	own, everyone := &robotsRules{}, &robotsRules{}
	found := false // a group names us
	var sitemaps []string
	inAgents := false      // the last line was a user-agent line
	var now []*robotsRules // the groups that the next rule belongs to
	for line := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "user-agent":
			if !inAgents {
				now = now[:0]
			}
			inAgents = true
			token, _, _ := strings.Cut(strings.ToLower(value), "/")
			switch {
			case token == "*":
				now = append(now, everyone)
			case token == product:
				found = true
				now = append(now, own)
			}
		case "allow", "disallow":
			inAgents = false
			if value == "" {
				continue // an empty pattern matches nothing
			}
			rule := robotsRule{normalPattern(value), strings.EqualFold(strings.TrimSpace(key), "allow")}
			for _, g := range now {
				g.rules = append(g.rules, rule)
			}
		case "sitemap":
			sitemaps = append(sitemaps, value)
		case "crawl-delay":
			inAgents = false
			seconds, err := strconv.ParseFloat(value, 64)
			if err != nil || !(seconds > 0) { // NaN too
				continue
			}
			for _, g := range now {
				g.delay = time.Duration(min(seconds, 1e6) * float64(time.Second))
			}
		}
	}
	if !found {
		own = everyone
	}
	own.sitemaps = sitemaps
	return own
}

// normalPattern brings a pattern, and a path, to the one form in which RFC 9309
// (section 2.2.2) compares them: bytes beyond ASCII percent-encoded, letters, digits
// and -._~ not, hexadecimal digits in upper case.
func normalPattern(p string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c := p[i]
		encoded := c <= ' ' || c >= 0x7f
		if c == '%' && i+2 < len(p) {
			if octet, err := strconv.ParseUint(p[i+1:i+3], 16, 8); err == nil {
				c = byte(octet)
				encoded = !isUnreserved(c)
				i += 2
			}
		}
		if !encoded {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return b.String()
}

// isUnreserved tells the octets that mean the same with and without an encoding (RFC
// 3986, section 2.3).
func isUnreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}

// allows tells whether the path, with its query, may be fetched.
func (r *robotsRules) allows(path string) bool {
	path = normalPattern(path)
	allow, longest := true, -1
	for _, rule := range r.rules {
		n := len(rule.pattern)
		if n < longest || n == longest && !rule.allow {
			continue
		}
		if matchRobots(rule.pattern, path) {
			allow, longest = rule.allow, n
		}
	}
	return allow
}

// matchRobots matches a pattern, in which * is anything and a final $ the end,
// against the beginning of the path. It never goes back, so that a pattern
// full of stars costs no more than its length times the path's.
func matchRobots(pattern, path string) bool {
	anchored := strings.HasSuffix(pattern, "$")
	pattern = strings.TrimSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	if len(parts) == 1 {
		return !anchored || path == ""
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	if anchored {
		return strings.HasSuffix(path, parts[last])
	}
	return strings.Contains(path, parts[last])
}
