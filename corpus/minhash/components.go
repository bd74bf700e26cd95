package minhash

// Components are the connected components of a graph to which edges are added:
// groups of items, each of which is called by its smallest item (union-find with
// path halving). 4 bytes an item.
type Components struct{ parent []uint32 }

// NewComponents are n items, each on its own.
func NewComponents(n int) *Components {
	c := &Components{parent: make([]uint32, n)}
	for i := range c.parent {
		c.parent[i] = uint32(i)
	}
	return c
}

// Len is the number of items.
func (c *Components) Len() int { return len(c.parent) }

// Find is the smallest item of the group of an item.
func (c *Components) Find(item int) int {
	i := uint32(item)
	for c.parent[i] != i {
		c.parent[i] = c.parent[c.parent[i]]
		i = c.parent[i]
	}
	return int(i)
}

// Union joins the groups of two items and tells whether they were two.
func (c *Components) Union(a, b int) bool {
	a, b = c.Find(a), c.Find(b)
	if a == b {
		return false
	}
	if b < a {
		a, b = b, a
	}
	c.parent[b] = uint32(a)
	return true
}
