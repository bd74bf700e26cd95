package crawl

import (
	"fmt"
	"strings"
)

// judge says when a crawl as a whole came to nothing, what was tried, and what
// can be done.
func (r *run) judge(report Report) error {
	if r.redis != nil {
		return nil // what this process did not find, others may have
	}
	var tried []string
	reached := false
	for i, rules := range r.rules {
		err := r.store.view(func(t *txn) error {
			st, err := t.site(i)
			if err != nil {
				return err
			}
			for seq := uint64(0); seq < st.Committed && !reached; seq++ {
				e, err := t.entry(i, seq)
				if err != nil {
					return err
				}
				if !e.Start {
					continue
				}
				o, _, err := t.outcome(i, seq)
				if err != nil {
					return err
				}
				reached = o.Status == 200 && o.Failure == ""
				tried = append(tried, fmt.Sprintf("  site %s: %s: %s", rules.Name, e.URL, fate(o)))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if !reached && report.Pages == 0 {
		return fmt.Errorf("crawl: %w:\n%s\n%s, then run again", ErrUnreachable, strings.Join(tried, "\n"), r.remedy())
	}
	if report.Stories > 0 {
		return nil
	}
	var selectors []string
	for _, s := range r.rules {
		pages, hidden := pagesOf(report, s.Name)
		if hidden > 0 {
			selectors = append(selectors, fmt.Sprintf("  site %s: %d pages, of which all %d with text for story.body %q ask not to be indexed", s.Name, pages, hidden, s.Story.Body))
			continue
		}
		if s.Story.Body == "" {
			selectors = append(selectors, fmt.Sprintf("  site %s: %d pages, no main text that reads like a story on any", s.Name, pages))
			continue
		}
		selectors = append(selectors, fmt.Sprintf("  site %s: %d pages, story.body %q matches text on none", s.Name, pages, s.Story.Body))
	}
	return fmt.Errorf("crawl: %w:\n%s\nlook at the source of a page that holds a story and set story.body to a CSS selector of the element with its text",
		ErrNoStories, strings.Join(selectors, "\n"))
}

// remedy is what may help where no page could be had.
func (r *run) remedy() string {
	if len(r.Archives) > 0 {
		return "name archives that hold pages of the hosts of the sites' start addresses"
	}
	return "check the start addresses of the sites and the network"
}

// pagesOf counts a site's pages, and those with a story that is not to be used.
func pagesOf(report Report, site string) (pages, hidden int64) {
	for _, s := range report.Sites {
		if s.Name == site {
			return s.Pages, s.Skipped[SkipNoindex]
		}
	}
	return 0, 0
}

// fate says for a person what became of a start address.
func fate(o outcome) string {
	switch {
	case o.Failure != "":
		return explain(o.Failure, o.Attempts)
	case o.Skip == SkipRobots:
		return "its robots.txt asks not to fetch it"
	case o.Skip != "":
		return o.Skip
	case o.Status >= 300:
		return fmt.Sprintf("redirects away (http %d)", o.Status)
	}
	return "fetched"
}
