package crawl

import (
	"context"
	"net/url"
)

// frontier knows the addresses of a site: it hands out those that are to be
// fetched and takes what became of them.
type frontier interface {
	// begin goes on where the crawl was, or makes the frontier of the start
	// addresses.
	begin(ctx context.Context) error
	// take returns addresses to be fetched now; out is how many the caller still
	// has. It does not wait for any.
	take(ctx context.Context, out int) ([]job, error)
	// save stores pages durably, and makes known the links that they lead to.
	save(ctx context.Context, batch []result) error
	// wait is called with none out and none to take. It tells whether there may
	// be some later; if so it may wait.
	wait(ctx context.Context) (bool, error)
}

// scope is what a frontier must know of its site.
type scope struct {
	index      int
	rules      *siteRules
	limits     Limits
	store      *store
	mayEnter   func(*url.URL) bool // whether a redirected start address may lead there
	checkpoint func(string)
	archives   *captures      // from which all pages come; nil is the network, or the crawl's own
	progress   func(Progress) // told how far the site is
}
