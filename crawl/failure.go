package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
)

// Kinds of failure, as they stand in the report. An answer with an error status
// is of kind "http 404" and the like.
const (
	FailTimeout    = "timeout"          // the page took longer than Limits.Time
	FailConnection = "connection"       // refused, reset or broken off
	FailLookup     = "name lookup"      // the host's name has no address
	FailRefused    = "private address"  // see Options.Sites: not named by a start address
	FailTooLarge   = "too large"        // more than Limits.Bytes
	FailEncoding   = "encoding"         // a content encoding that cannot be decoded
	FailRedirects  = "redirects"        // more than Limits.Redirects, or one to nowhere
	FailRobots     = "robots.txt"       // robots.txt could not be had, so nothing may be fetched
	FailDown       = "host down"        // given up: it did not answer through several rests
	FailHTML       = "broken html"      // nested deeper than any page for people
	FailEmpty      = "empty"            // an answer without a body
	FailProtocol   = "protocol"         // anything else that is not HTTP
	FailScript     = "needs javascript" // a page whose text a script would have to fetch
	FailComplex    = "too complex"      // no selector, and too many or too deeply nested elements; see MaxNodes
	FailSitemap    = "broken sitemap"   // what could be read of it was followed
	FailNoArchive  = "not archived"     // asked for without the network, and in no archive
	FailNotFound   = "soft 404"         // an answer with status 200 that says there is no such page
)

// Errors of a fetch that have a kind of their own.
var (
	errTooLarge = errors.New("larger than the limit")
	errEncoding = errors.New("content encoding cannot be decoded")
	errRobots   = errors.New("robots.txt cannot be had")
	errDenied   = errors.New("robots.txt asks not to fetch this")
	errNotHTML  = errors.New("not a page")

	errNotArchived = errors.New("in no archive")
)

// failureKind names what went wrong, in words that are the same in every run.
func failureKind(err error) string {
	if err == nil {
		return FailProtocol // no answer, and no word why
	}
	var lookup *net.DNSError
	var timeout net.Error
	var known endingError
	switch {
	case errors.As(err, &known):
		return known.word
	case errors.Is(err, errNotArchived):
		return FailNoArchive
	case errors.Is(err, errHostDown):
		return FailDown
	case errors.Is(err, errRobots):
		return FailRobots
	case errors.Is(err, errRefusedAddress):
		return FailRefused
	case errors.Is(err, errTooLarge), strings.Contains(err.Error(), "server response headers exceeded"):
		// The second is net/http's, which has no exported error for it.
		return FailTooLarge
	case errors.Is(err, errEncoding):
		return FailEncoding
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return FailTimeout
	case errors.As(err, &lookup):
		return FailLookup
	case isConnection(err):
		return FailConnection
	}
	return FailProtocol
}

func isConnection(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		// net/http has no exported error for a kept connection the server closed.
		strings.Contains(err.Error(), "server closed idle connection")
}

func statusKind(status int) string { return "http " + strconv.Itoa(status) }

// mayRetry tells whether another attempt can help: the network broke off, or the
// server says that its trouble passes. A page over a limit stays over it.
func mayRetry(a *answer, err error) bool {
	if err != nil {
		kind := failureKind(err)
		return kind == FailTimeout || kind == FailConnection || kind == FailLookup
	}
	return a.status == http.StatusTooManyRequests || a.status == http.StatusRequestTimeout ||
		a.status >= 500 && a.status != http.StatusNotImplemented && a.status != http.StatusHTTPVersionNotSupported
}

// explain says for a person what a failure of a start address was.
func explain(kind string, attempts int) string {
	switch kind {
	case FailConnection:
		return fmt.Sprintf("no connection (tried %d times): is the server running, is the port right?", attempts)
	case FailTimeout:
		return fmt.Sprintf("no complete answer in time (tried %d times)", attempts)
	case FailLookup:
		return "the host's name has no address: is it spelled right, is this machine online?"
	case statusKind(http.StatusProxyAuthRequired):
		return "http 407: the proxy asks for a user name and a password"
	case FailNoArchive:
		return "it is in no archive"
	case FailRobots:
		return "its robots.txt could not be had, so nothing may be fetched"
	}
	return kind
}
