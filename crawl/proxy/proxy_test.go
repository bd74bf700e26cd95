package proxy

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for address, want := range map[string]string{
		"http://p.example:3128": "p.example:3128", "https://p.example": "p.example:443", "socks5://u:secret@[::1]": "[::1]:1080",
		"socks5h://127.0.0.1:9": "127.0.0.1:9", "http://u:secret@p.example/": "p.example:80",
		"": "scheme", "p.example:3128": "scheme", "ftp://u:secret@p": "scheme", "http://u:secret@:3128": "no host",
		"http://u:secret@p:99999": "impossible port", "http://u:secret@p/path": "a path", "http://u:se%cret@p": "percent-encoded",
		"http://u:secret@p:x": "percent-encoded",
	} {
		u, err := Parse(address)
		if err != nil {
			if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v, want %q", address, err, want)
			}
			continue
		}
		if got := HostPort(u); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("http://u:p@h:1/")
	f.Fuzz(func(t *testing.T, address string) {
		if u, err := Parse(address); err == nil && (u.Hostname() == "" || HostPort(u) == "") {
			t.Errorf("%q: %v", address, u)
		}
	})
}
