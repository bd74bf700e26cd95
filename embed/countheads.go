package embed

import (
	"container/heap"
	"errors"
	"io"
)

// countHeads are the runs that have words left, a heap by the next word.
type countHeads []*countHead

func (h countHeads) Len() int           { return len(h) }
func (h countHeads) Less(i, j int) bool { return h[i].word < h[j].word }
func (h countHeads) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is for package heap.
func (h *countHeads) Push(x any) { *h = append(*h, x.(*countHead)) }

// Pop is for package heap.
func (h *countHeads) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func (h *countHeads) pop() *countHead { return heap.Pop(h).(*countHead) }

// next puts a run in its place by its next word, or leaves it out at its end.
func (h *countHeads) next(run *countHead) error {
	err := run.read()
	if err == nil {
		heap.Push(h, run)
	}
	if errors.Is(err, io.EOF) && !errors.Is(err, errCutOff) {
		return nil
	}
	return err
}
