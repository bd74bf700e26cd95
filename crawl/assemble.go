package crawl

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"wakong/crawl/warc"
)

// assemble makes the results from the store, in the order of the frontier.
// Stories are read from the archived exchanges, never from what the fetching
// had in memory: so they are what the archive yields without the network.
func (r *run) assemble(ctx context.Context) (Report, error) {
	docs, err := newOutput(r.Dir, DocumentsFile)
	if err != nil {
		return Report{}, err
	}
	defer docs.discard()
	report, err := r.documents(ctx, docs)
	if err != nil {
		return report, err
	}
	if r.damage.Records > 0 {
		report.Damage = &r.damage
	}
	r.checkpoint("extracted")
	if err := r.judge(report); err != nil {
		return report, err
	}
	arch := &archiveFiles{dir: r.Dir, limit: r.ArchiveBytes, agent: r.agent(r.contact()), began: r.began}
	if !r.infoTime.IsZero() {
		arch.began = r.infoTime // so that the same archives give the same
	}
	defer arch.discard()
	if err := r.archive(ctx, arch); err != nil {
		return report, err
	}
	rep, err := newOutput(r.Dir, ReportFile)
	if err != nil {
		return report, err
	}
	defer rep.discard()
	e := json.NewEncoder(rep)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(report); err != nil {
		return report, fmt.Errorf("crawl: writing %s: %w", ReportFile, err)
	}
	// The documents last: where they stand, the other two do.
	for _, f := range append(arch.files, rep, docs) {
		r.checkpoint("results")
		if err := f.commit(); err != nil {
			return report, err
		}
	}
	return report, arch.removeOthers()
}

// fetched is an entry with its outcome and what extraction found on it.
type fetched struct {
	e     entry
	o     outcome
	found extraction
	err   error
}

// chunk is how many pages are read at a time, by all processors.
const chunk = 256

// each calls f with the entries of a site, in order, a chunk at a time.
func (r *run) each(ctx context.Context, site int, f func([]fetched) error, rep *SiteReport) error {
	var st siteState
	err := r.store.view(func(t *txn) (err error) {
		st, err = t.site(site)
		return err
	})
	if err != nil {
		return err
	}
	if rep != nil {
		rep.Skipped = st.Skipped
	}
	for from := uint64(0); from < st.Committed; from += chunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		var pages []fetched
		err := r.store.view(func(t *txn) error {
			unmapSeen(t.tx)
			for seq := from; seq < min(from+chunk, st.Committed); seq++ {
				e, err := t.entry(site, seq)
				if err != nil {
					return err
				}
				o, _, err := t.outcome(site, seq)
				if err != nil {
					return err
				}
				pages = append(pages, fetched{e: e, o: o})
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := f(pages); err != nil {
			return err
		}
	}
	return nil
}

// extract reads the pages of a chunk from the store and takes the stories out.
func (r *run) extract(ctx context.Context, rules *siteRules, pages []fetched) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range pages {
		p := &pages[i]
		if p.o.Status != 200 || p.o.Failure != "" || p.o.Skip != "" {
			continue
		}
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			page, err := r.page(p.o)
			if err != nil {
				return err
			}
			p.found, p.err = rules.extract.extract(page)
			return nil
		})
	}
	return g.Wait()
}

// page reads one stored response.
func (r *run) page(o outcome) (Page, error) {
	in, err := warc.NewReader(r.store.seg.reader(o.Response))
	if err == nil {
		var rec *warc.Record
		if rec, err = in.Next(); err == nil {
			var p Page
			if p, err = parsePage(rec, r.Limits.Bytes); err == nil {
				return p, nil
			}
		}
	}
	return Page{}, fmt.Errorf("crawl: %w: the stored exchange at byte %d of the pages in %s: %w (remove that folder to crawl anew)",
		errStore, o.Response.Offset, r.Scratch, err)
}
