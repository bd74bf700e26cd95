package crawl

import (
	"context"
	"sync"
)

// slots are the connections that may be open at once. Their number can change while
// some are in use: what is too many then is closed as it comes back.
type slots struct {
	mu    sync.Mutex
	most  int
	taken int
	freed chan struct{} // closed when one may be free, for all who wait
}

func newSlots(most int) *slots { return &slots{most: most, freed: make(chan struct{})} }

// take waits for one.
func (s *slots) take(ctx context.Context) error {
	for {
		s.mu.Lock()
		if s.taken < s.most {
			s.taken++
			s.mu.Unlock()
			return nil
		}
		freed := s.freed
		s.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// free gives one back.
func (s *slots) free() {
	s.mu.Lock()
	s.taken--
	s.tell()
	s.mu.Unlock()
}

// resize sets how many there are.
func (s *slots) resize(most int) {
	s.mu.Lock()
	s.most = most
	s.tell()
	s.mu.Unlock()
}

func (s *slots) tell() {
	close(s.freed)
	s.freed = make(chan struct{})
}

// inUse is how many are taken, of how many.
func (s *slots) inUse() (taken, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken, s.most
}
