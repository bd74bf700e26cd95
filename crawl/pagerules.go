package crawl

import (
	"net/http"
	"strings"
)

// pageRules are what a page asks of robots, by its meta elements and by the field
// X-Robots-Tag of its answer. They are no part of a standard; this follows
// https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag,
// as most sites do.
type pageRules struct {
	product  string // the name that the rules may call us by
	noindex  bool   // the page's text is not to be used
	nofollow bool   // its links are not to be followed
}

// meta takes a meta element.
func (p *pageRules) meta(name, content string) {
	if name = strings.ToLower(strings.TrimSpace(name)); name == "robots" || name == p.product {
		for _, rule := range strings.Split(content, ",") {
			p.add(rule)
		}
	}
}

// header takes the fields of an answer: "noindex, nofollow", or "name: noindex" for
// the robot of that name alone.
func (p *pageRules) header(h http.Header) {
	for _, value := range h.Values("X-Robots-Tag") {
		ours := true
		for _, rule := range strings.Split(value, ",") {
			name, rest, named := strings.Cut(rule, ":")
			name = strings.ToLower(strings.TrimSpace(name))
			if named && isRobotName(name) {
				ours, rule = name == p.product, rest
			}
			if ours {
				p.add(rule)
			}
		}
	}
}

// isRobotName tells a robot from a rule with a value, and from a piece of a date.
func isRobotName(name string) bool {
	return name != "unavailable_after" && !strings.HasPrefix(name, "max-") && !strings.ContainsAny(name, " \t")
}

func (p *pageRules) add(rule string) {
	switch strings.ToLower(strings.TrimSpace(rule)) {
	case "none":
		p.noindex, p.nofollow = true, true
	case "noindex":
		p.noindex = true
	case "nofollow":
		p.nofollow = true
	}
}
