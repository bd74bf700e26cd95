package snapshot

// Progress is told how many bytes of the results are done, and of how many.
type Progress func(done, total int64)

// tell tells it, if there is somebody to be told.
func (p Progress) tell(done, total int64) {
	if p != nil {
		p(done, total)
	}
}
