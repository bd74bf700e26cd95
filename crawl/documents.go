package crawl

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
)

// documents extracts the stories, writes them, and counts.
func (r *run) documents(ctx context.Context, w io.Writer) (Report, error) {
	report := Report{}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	written := map[pageKey]bool{} // with several sites alone
	for i, rules := range r.rules {
		site := SiteReport{Name: rules.Name, Failures: map[string][]Failure{}}
		err := r.siteDocuments(ctx, i, &site, func(d Document) error {
			key := keyOf(d.ID)
			if written[key] {
				site.Skipped[SkipDuplicate]++
				return nil
			}
			if len(r.rules) > 1 {
				written[key] = true
			}
			site.Stories++
			d.Site = rules.Name
			if err := out.Encode(d); err != nil {
				return fmt.Errorf("crawl: writing %s: %w", DocumentsFile, err)
			}
			return nil
		})
		if err != nil {
			return report, err
		}
		report.Addresses += site.Addresses
		report.Pages += site.Pages
		report.Stories += site.Stories
		report.Bytes += site.Bytes
		report.Sites = append(report.Sites, site)
	}
	return report, nil
}

// siteDocuments extracts one site's stories and calls emit with each, joined
// and in the order of the frontier.
func (r *run) siteDocuments(ctx context.Context, index int, site *SiteReport, emit func(Document) error) error {
	spool, err := newSpool(r.Scratch)
	if err != nil {
		return err
	}
	defer spool.remove()
	rules := r.rules[index]
	err = r.each(ctx, index, func(pages []fetched) error {
		if err := r.extract(ctx, rules, pages); err != nil {
			return err
		}
		for _, p := range pages {
			if p.o.Location != "" {
				spool.redirect(p.e.URL, p.o.Location, rules.extract.next != nil)
			}
			switch {
			case p.err != nil:
				p.o.Failure = FailHTML
			case p.found.failure != "":
				p.o.Failure = p.found.failure
			}
			site.add(p.e, p.o)
			switch {
			case p.o.Failure != "" || p.found.doc.Text == "":
			case p.found.skip != "":
				site.Skipped[p.found.skip]++
			default:
				if err := spool.add(p.found); err != nil {
					return err
				}
			}
		}
		return nil
	}, site)
	if err != nil {
		return err
	}
	joined, err := spool.stories(ctx, emit)
	if joined > 0 {
		site.Skipped[SkipPart] += joined
	}
	return err
}
