package crawl

import "context"

// link notes which page a story goes on.
func (s *spool) link(x extraction) {
	if x.next == "" {
		return
	}
	from := keyOf(x.doc.URL)
	if _, twice := s.next[from]; twice {
		return
	}
	if !x.sure {
		title := storyTitle(x.doc.Title)
		if title == "" {
			return // nothing says that the two belong together
		}
		s.titles[from] = keyOf(title)
	}
	s.next[from] = keyOf(x.next)
	s.order = append(s.order, from)
}

// redirect notes that an address redirects. A page that goes on there goes on where that
// leads, if that is the same part by its address: sites send those who ask for a page
// behind the last one to some other page. sure is that it is, whatever the address.
func (s *spool) redirect(from, to string, sure bool) {
	if sure || samePart(from, to) {
		s.moved[keyOf(from)] = keyOf(to)
	}
}

// mostMoves bounds the redirects in a row, which may lead in a circle.
const mostMoves = 100

// followMoves has pages go on where the addresses that they name redirect to.
func (s *spool) followMoves() {
	for from, to := range s.next {
		for range mostMoves {
			at, ok := s.moved[to]
			if !ok {
				break
			}
			to = at
		}
		s.next[from] = to
	}
}

// compareTitles takes apart the pages that are joined only if their titles
// agree, and do not.
func (s *spool) compareTitles(ctx context.Context) error {
	if len(s.titles) == 0 {
		return nil
	}
	found := map[pageKey]pageKey{} // the titles of those that may continue a page
	for from := range s.titles {
		found[s.next[from]] = pageKey{}
	}
	err := s.scan(ctx, func(_ int64, x spooled) error {
		if k := keyOf(x.Doc.URL); has(found, k) {
			found[k] = keyOf(storyTitle(x.Doc.Title))
		}
		return nil
	})
	for from, title := range s.titles {
		if found[s.next[from]] != title {
			delete(s.next, from)
		}
	}
	return err
}

func has(m map[pageKey]pageKey, k pageKey) bool {
	_, ok := m[k]
	return ok
}

// parts finds the places of the stories that continue another one. Of several
// pages that a page would continue the first has it, and a circle is cut where
// it would close.
func (s *spool) parts(ctx context.Context) (map[pageKey]int64, error) {
	s.followMoves()
	if err := s.compareTitles(ctx); err != nil {
		return nil, err
	}
	wanted := map[pageKey]bool{}
	roots := map[pageKey]pageKey{}
	root := func(k pageKey) pageKey {
		for {
			up, ok := roots[k]
			if !ok {
				return k
			}
			if upper, ok := roots[up]; ok {
				roots[k] = upper
			}
			k = up
		}
	}
	for _, from := range s.order {
		to, ok := s.next[from]
		if !ok {
			continue
		}
		if a, b := root(from), root(to); wanted[to] || a == b {
			delete(s.next, from)
		} else {
			wanted[to] = true
			roots[b] = a
		}
	}
	at := map[pageKey]int64{}
	if len(wanted) == 0 {
		return at, nil
	}
	err := s.scan(ctx, func(place int64, x spooled) error {
		if k := keyOf(x.Doc.URL); wanted[k] {
			at[k] = place
		}
		return nil
	})
	return at, err
}
