package crawl

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// These take the number of a part off an address: /story/12_3.html is part 3 of
// /story/12.html, /story?id=12&page=3 is part 3 of /story?id=12. The group before
// the number is what calls it a page.
var (
	pathNumber  = regexp.MustCompile(`^(.+?)[_-](page[_-]?|p)?(\d{1,3})$`)
	lastSegment = regexp.MustCompile(`^(.*?)/(page[/_-]?)?(\d{1,3})$`)
	queryNumber = regexp.MustCompile(`(?:^|&)(page|pageno|paged|pn|p)=(\d{1,3})(?:&|$)`)
)

// continues tells whether to may be the part after the one at from, by their
// addresses alone, and whether that is certain. Sites call the next chapter and
// the next story "next page" too, and often number them: from /story/2 to
// /story/3 is as likely another story as another part.
func continues(from, to string) (follows, sure bool) {
	for _, whole := range partsOf(from) {
		for _, part := range partsOf(to) {
			if whole.stem == part.stem && part.number == whole.number+1 && part.number > 1 {
				follows = true
				sure = sure || whole.bare || part.page
			}
		}
	}
	return follows, sure
}

// samePart tells whether two addresses may be of one page: they differ in scheme or host,
// or in how they write its number.
func samePart(a, b string) bool {
	for _, one := range partsOf(a) {
		for _, other := range partsOf(b) {
			if one.stem == other.stem && one.number == other.number {
				return true
			}
		}
	}
	return false
}

// part is one way to read an address.
type part struct {
	stem   string
	number int
	bare   bool // it bears no number, and so is the first part
	page   bool // it calls its number a page
}

// partsOf are the ways to read an address as a part: as the first one of itself,
// and by the numbers in it.
func partsOf(address string) []part {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	ext := path.Ext(u.Path)
	stem := strings.TrimSuffix(u.Path, ext)
	whole := strings.TrimSuffix(stem, "/") + ext
	all := []part{{stem: whole + "?" + u.RawQuery, number: 1, bare: true}}
	if m := pathNumber.FindStringSubmatch(stem); m != nil {
		all = append(all, part{stem: m[1] + ext + "?" + u.RawQuery, number: number(m[3]), page: saysPage(m[2])})
	}
	if m := lastSegment.FindStringSubmatch(strings.TrimSuffix(stem, "/")); m != nil && (ext == "" || saysPage(m[2])) {
		all = append(all, part{stem: m[1] + "?" + u.RawQuery, number: number(m[3]), page: saysPage(m[2])})
	}
	if m := queryNumber.FindStringSubmatchIndex(u.RawQuery); m != nil {
		rest := strings.Trim(u.RawQuery[:m[0]]+"&"+u.RawQuery[m[1]:], "&")
		name, digits := u.RawQuery[m[2]:m[3]], u.RawQuery[m[4]:m[5]]
		all = append(all, part{stem: whole + "?" + rest, number: number(digits), page: saysPage(name)})
	}
	return all
}

// saysPage tells "page", which is plain, from "p" and "pn", which programs also
// use for the number of a post.
func saysPage(name string) bool { return strings.HasPrefix(name, "page") }

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
