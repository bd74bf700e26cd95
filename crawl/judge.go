package crawl

import (
	"fmt"
	"slices"
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
	return noStories(r.rules, report.Sites)
}

// noStories says of each site what its pages have in place of stories, and what can be
// done about that.
func noStories(rules []*siteRules, sites []SiteReport) error {
	var found, advice []string
	advise := func(what string) {
		if !slices.Contains(advice, what) {
			advice = append(advice, what)
		}
	}
	for i, s := range rules {
		text := "a main text"
		if s.Story.Body != "" {
			text = fmt.Sprintf("text for story.body %q", s.Story.Body)
		}
		bounds, skipped := s.Story.withBounds(), sites[i].Skipped
		var why []string
		withText := int64(0)
		for _, c := range []struct{ reason, text, advice string }{
			{SkipShort, fmt.Sprintf("too short (story.min_characters is %d)", bounds.MinCharacters), adviceBounds},
			{SkipForeign, fmt.Sprintf("not chinese (story.min_chinese is %v)", bounds.MinChinese), adviceBounds},
			{SkipLinks, fmt.Sprintf("mostly links (story.max_links is %v)", bounds.MaxLinks), adviceBounds},
			{SkipNoindex, "asking not to be indexed", adviceNoindex},
		} {
			if n := skipped[c.reason]; n > 0 {
				withText += n
				why = append(why, fmt.Sprintf("%d %s", n, c.text))
				advise(c.advice)
			}
		}
		switch {
		case withText > 0:
			found = append(found, fmt.Sprintf("  site %s: %d pages, %s on %d, of which %s", s.Name, sites[i].Pages, text, withText, strings.Join(why, ", ")))
		case s.Story.Body != "":
			found = append(found, fmt.Sprintf("  site %s: %d pages, story.body %q matches text on none", s.Name, sites[i].Pages, s.Story.Body))
			advise(adviceBody)
		default:
			found = append(found, fmt.Sprintf("  site %s: %d pages, no main text on any", s.Name, sites[i].Pages))
			advise(adviceBody)
		}
	}
	return fmt.Errorf("crawl: %w:\n%s\n%s", ErrNoStories, strings.Join(found, "\n"), strings.Join(advice, "\n"))
}

// What can be done where no page holds a story.
const (
	adviceBody    = "look at the source of a page that holds a story and set story.body to a CSS selector of the element with its text"
	adviceBounds  = "look at pages that were refused: if they are stories, set that bound to what they have; if not, set start and allow so that stories are reached, or story.body to a CSS selector of the element with the text"
	adviceNoindex = "pages that ask not to be indexed are not used: choose others"
)

// remedy is what may help where no page could be had.
func (r *run) remedy() string {
	if len(r.Archives) > 0 {
		return "name archives that hold pages of the hosts of the sites' start addresses"
	}
	return "check the start addresses of the sites and the network"
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
