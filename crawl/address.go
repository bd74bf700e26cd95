package crawl

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// maxAddress is the length above which a link is not followed: endless addresses
// are the mark of a trap, and servers refuse them.
const maxAddress = 2048

var addressParser = whatwg.NewParser(whatwg.WithPercentEncodeSinglePercentSign())

// sessionParameter matches query parameters that name a visit, not a page. A sid is
// a visit's where it is too long for a story's number.
var sessionParameter = regexp.MustCompile(`^(?i:(?:phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|utm_\w+|fbclid|gclid)=|(?:sid|oscsid|zenid|cftoken)=[0-9a-z]{16,}$)`)

// sessionPath matches a visit's name within the path, of Java and of ASP.NET.
var sessionPath = regexp.MustCompile(`(?i);jsessionid=[^/?#;]*|/\([saf]\([0-9a-z]{16,}\)\)`)

// Canonical returns the one form in which an address is compared and asked for:
// parsed as browsers do (WHATWG), http or https, no user information, no
// fragment, no default port, no session ids or campaign tags.
func Canonical(address string) (string, error) {
	if len(address) > maxHref {
		return "", fmt.Errorf("crawl: an address of %d bytes is longer than %d", len(address), maxAddress)
	}
	parsed, err := addressParser.Parse(strings.TrimSpace(address))
	if err != nil {
		return "", fmt.Errorf("crawl: address %q: %w", address, err)
	}
	u, err := url.Parse(parsed.Href(true))
	if err != nil {
		return "", fmt.Errorf("crawl: address %q: %w", address, err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("crawl: address %q: scheme %q is neither http nor https", address, u.Scheme)
	}
	if u.Hostname() == "" {
		return "", fmt.Errorf("crawl: address %q names no host", address)
	}
	if u.User != nil {
		return "", fmt.Errorf("crawl: an address on %s holds a user name or password, which would end up in the archive", u.Hostname())
	}
	if sessionPath.MatchString(u.Path) {
		u.Path = sessionPath.ReplaceAllString(u.Path, "")
		u.RawPath = sessionPath.ReplaceAllString(u.RawPath, "")
	}
	if u.RawQuery != "" {
		kept := make([]string, 0, 4)
		for parameter := range strings.SplitSeq(u.RawQuery, "&") {
			if parameter != "" && !sessionParameter.MatchString(parameter) {
				kept = append(kept, parameter)
			}
		}
		u.RawQuery = strings.Join(kept, "&")
	}
	u.ForceQuery = false
	if s := u.String(); len(s) <= maxAddress {
		return s, nil
	}
	return "", fmt.Errorf("crawl: an address of more than %d bytes on %s", maxAddress, u.Hostname())
}

// hostPort is the host and port that is dialled for u.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// hostKey names what politeness and the scope of a site are about: the host
// and, where it is not a scheme's own, the port. http and https of a host are
// one: sites link between the two.
func hostKey(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	switch u.Port() {
	case "", "80", "443":
		return host
	}
	return net.JoinHostPort(host, u.Port())
}

// namesThisMachine tells whether the host is written as a loopback one.
func namesThisMachine(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// special are ranges that no public site is in and netip has no method for.
var special = func() (ranges []netip.Prefix) {
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32",
		"2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		ranges = append(ranges, netip.MustParsePrefix(s))
	}
	return ranges
}()

// isPublic tells whether an address belongs to the public internet: not private,
// loopback, link-local, multicast, reserved or a translation of such.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	ip = ip.WithZone("")
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
