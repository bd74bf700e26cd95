package crawl

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Text is the report for a person: a paragraph a site, with what was skipped and
// what failed by kind. The addresses that failed stand in report.json.
func (r Report) Text() string {
	var b strings.Builder
	if len(r.Sites) > 1 {
		fmt.Fprintf(&b, "%d sites: %d stories on %d pages; %d addresses asked for, %d failed, %.1f MB\n",
			len(r.Sites), r.Stories, r.Pages, r.Addresses, r.Failed(), float64(r.Bytes)/1e6)
	}
	for _, s := range r.Sites {
		fmt.Fprintf(&b, "%s: %d stories on %d pages; %d addresses asked for, %d redirects, %.1f MB\n",
			s.Name, s.Stories, s.Pages, s.Addresses, s.Redirects, float64(s.Bytes)/1e6)
		for _, reason := range slices.Sorted(maps.Keys(s.Skipped)) {
			fmt.Fprintf(&b, "  skipped, %s: %d\n", reason, s.Skipped[reason])
		}
		for _, kind := range slices.Sorted(maps.Keys(s.Failures)) {
			fmt.Fprintf(&b, "  failed, %s: %d\n", kind, len(s.Failures[kind]))
		}
	}
	return b.String()
}
