package crawl

import "golang.org/x/net/html"

// Bounds on the pages whose main text is looked for without a selector. That
// weighs the text below an element anew for each element around it, so its time
// grows with both together; a page for people stays far below all three. A page
// over one of them fails as [FailComplex]; with Story.Body there is no bound but
// Limits.Bytes.
const (
	// MaxNodes counts elements, texts and comments.
	MaxNodes = 200_000
	// MaxNesting counts the elements around a text.
	MaxNesting = 200
	// MaxNestedBytes is the sum, over all nodes, of the bytes of its text and 16 for
	// the node itself, times the elements around it.
	MaxNestedBytes = 64 << 20

	nodeBytes = 16
)

// tooComplex tells whether a page exceeds one of the bounds. The parser nests at
// most 512 elements, so that going down by recursion is safe.
func tooComplex(root *html.Node) bool {
	nodes, weight := 0, 0
	var within func(n *html.Node, depth int) bool
	within = func(n *html.Node, depth int) bool {
		nodes++
		weight += nodeBytes * depth
		if n.Type == html.TextNode {
			weight += len(n.Data) * depth
		}
		if nodes > MaxNodes || depth > MaxNesting || weight > MaxNestedBytes {
			return false
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if !within(c, depth+1) {
				return false
			}
		}
		return true
	}
	return !within(root, 0)
}
