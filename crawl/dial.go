package crawl

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

// errRefusedAddress marks a connection that was not made because it leads into
// a private network.
var errRefusedAddress = errors.New("a private, loopback or link-local address, refused since no start address names it")

// dialer connects to public addresses and to those the user named. The check
// runs on the address that is about to be connected to, after the name was
// looked up, so that neither a redirect nor a name that resolves to a private
// address leads into the user's own network.
type dialer struct {
	resolve map[string]string // host:port -> address to dial
	named   map[string]bool   // host:port of start addresses that are private
	starts  map[string]bool   // host:port of all start addresses
	unknown sync.Map          // those that cannot be looked up here

	resolver *net.Resolver // nil is the machine's
}

func newDialer(resolve map[string]string, starts []*url.URL) *dialer {
	d := &dialer{resolve: map[string]string{}, named: map[string]bool{}, starts: map[string]bool{}}
	for from, to := range resolve {
		if _, _, err := net.SplitHostPort(from); err != nil {
			// Without a port the host stands for both schemes' own.
			host := strings.ToLower(strings.Trim(from, "[]"))
			d.resolve[net.JoinHostPort(host, "80")] = to
			d.resolve[net.JoinHostPort(host, "443")] = to
			continue
		}
		d.resolve[strings.ToLower(from)] = to
	}
	for _, u := range starts {
		d.starts[hostPort(u)] = true
		ip, err := netip.ParseAddr(u.Hostname())
		if namesThisMachine(u.Hostname()) || err == nil && !isPublic(ip) {
			d.named[hostPort(u)] = true
		}
	}
	return d
}

// isLocal tells whether requests to u stay on this machine, so that neither
// delays nor a contact are needed.
func (d *dialer) isLocal(u *url.URL) bool {
	_, mapped := d.resolve[hostPort(u)]
	return mapped || namesThisMachine(u.Hostname())
}

// DialContext is what http.Transport calls; address is host:port.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	key := strings.ToLower(address)
	nd := net.Dialer{Timeout: 10 * time.Second, Resolver: d.resolver}
	if isProxy(ctx, address) {
		return nd.DialContext(ctx, network, address)
	}
	if real, ok := d.resolve[key]; ok {
		return nd.DialContext(ctx, network, real)
	}
	if !d.named[key] {
		nd.Control = func(_, resolved string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(resolved)
			if err != nil || !isPublic(at.Addr()) {
				return fmt.Errorf("%s is %w", resolved, errRefusedAddress)
			}
			return nil
		}
	}
	return nd.DialContext(ctx, network, address)
}
