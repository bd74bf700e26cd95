// Package proxy reads the address of a proxy by which a site is to be fetched. No
// error of it repeats the address: it may hold a password.
package proxy

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
)

// Parse reads an address such as http://proxy.example:3128, with a user name and
// a password or without.
func Parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("found no address such as http://proxy.example:3128 (a password's special characters must be percent-encoded)")
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return nil, fmt.Errorf("found the scheme %.10q, expected http, https or socks5", u.Scheme)
	}
	if port, err := strconv.Atoi(u.Port()); u.Hostname() == "" || u.Port() != "" && (err != nil || port < 1 || port > 65535) {
		return nil, errors.New("found no host, or an impossible port, expected an address such as http://proxy.example:3128")
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("found a path or a query behind the host; a proxy has none")
	}
	u.Path = ""
	if u.Scheme == "socks5h" {
		u.Scheme = "socks5" // names are always looked up by the proxy
	}
	return u, nil
}

// HostPort is where the proxy listens.
func HostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
