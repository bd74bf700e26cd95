package embed

import "time"

// A pace chooses how many threads train the next step, one or all. Threads
// meet every few microseconds; where other programs want the same processors,
// they wait for one another so long that one alone is many times faster. The
// choice goes by the clock, so it differs from run to run; the vectors do not
// depend on it.
type pace struct {
	most  int
	until int        // steps until the other choice is tried
	wait  int        // steps between trials
	cost  [2]float64 // nanoseconds a target with one thread and with all
}

const (
	// A trial of the slower choice can cost as much as many steps: the more
	// often it was slower, the longer until the next.
	paceShortest, paceLongest = 10, 1000
	// paceMemory is the weight of the last step in a running mean.
	paceMemory = 0.3
)

func newPace(most int) *pace { return &pace{most: most, until: 1, wait: paceShortest} }

// threads tells how many threads are to train the next step.
func (p *pace) threads() int {
	if p.most == 1 {
		return 1
	}
	all := p.cost[1] <= p.cost[0]
	if p.until--; p.until < 0 {
		all = !all
		p.until = p.wait
		p.wait = min(2*p.wait, paceLongest)
	}
	if all {
		return p.most
	}
	return 1
}

// took tells how long a step has taken.
func (p *pace) took(threads, targets int, d time.Duration) {
	if targets == 0 {
		return
	}
	cost := &p.cost[0]
	if threads > 1 {
		cost = &p.cost[1]
	}
	now := float64(d) / float64(targets)
	if *cost == 0 {
		*cost = now
		return
	}
	before := p.cost[1] <= p.cost[0]
	*cost += paceMemory * (now - *cost)
	if before != (p.cost[1] <= p.cost[0]) {
		p.wait = paceShortest // things are changing
	}
}
