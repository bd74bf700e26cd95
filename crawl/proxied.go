package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"

	"wakong/crawl/proxy"
)

type proxyKey struct{}

// withProxy makes the requests of a context go by way of a proxy; nil is none.
func withProxy(ctx context.Context, p *url.URL) context.Context {
	return context.WithValue(ctx, proxyKey{}, p)
}

func proxyOf(ctx context.Context) *url.URL {
	p, _ := ctx.Value(proxyKey{}).(*url.URL)
	return p
}

// proxyFor is what http.Transport asks: the proxy of a request. It is called for
// each one, and refuses what the dialer would refuse without a proxy, before the
// proxy hears of it.
func (d *dialer) proxyFor(req *http.Request) (*url.URL, error) {
	p := proxyOf(req.Context())
	if _, mapped := d.resolve[hostPort(req.URL)]; p == nil || mapped {
		return nil, nil
	}
	return p, d.check(req.Context(), req.URL)
}

// check looks up where an address leads, since it is the proxy that will connect
// to it. The proxy looks the name up again: what it finds it must judge itself.
func (d *dialer) check(ctx context.Context, u *url.URL) error {
	at, host := hostPort(u), u.Hostname()
	if _, unknown := d.unknown.Load(at); d.named[at] || unknown {
		return nil
	}
	if namesThisMachine(host) {
		return fmt.Errorf("%s is %w", host, errRefusedAddress)
	}
	ips := []netip.Addr{}
	if ip, err := netip.ParseAddr(host); err == nil {
		ips = append(ips, ip)
	} else if ips, err = d.resolver.LookupNetIP(ctx, "ip", host); err != nil {
		if d.starts[at] && ctx.Err() == nil {
			// Behind some proxies no name can be looked up; the user means this one.
			d.unknown.Store(at, true)
			return nil
		}
		return fmt.Errorf("looking up %s before a proxy is asked for it: %w", host, err)
	}
	for _, ip := range ips {
		if !isPublic(ip) {
			return fmt.Errorf("%s is %w", ip, errRefusedAddress)
		}
	}
	return nil
}

// isProxy tells whether a connection is to the request's own proxy, which the user
// named, and which so may stand on a private address.
func isProxy(ctx context.Context, address string) bool {
	p := proxyOf(ctx)
	return p != nil && address == proxy.HostPort(p)
}
