package crawl

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"wakong/crawl/crawltest"
)

const secret = "geheim-42"

// keepsSecret fails where a file below dir holds the proxy's password, packed or not.
func keepsSecret(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if z, zerr := gzip.NewReader(bytes.NewReader(data)); zerr == nil {
			plain, _ := io.ReadAll(z)
			data = append(data, plain...)
		}
		for _, word := range []string{secret, "Proxy-Authorization", "bWU6Z2VoZWlt"} {
			if bytes.Contains(data, []byte(word)) {
				t.Errorf("%s holds %q", path, word)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// byProxy crawls http://tales.example/ by way of a proxy.
func byProxy(t *testing.T, proxy string, o Options) (Report, string, error) {
	t.Helper()
	o.Dir = t.TempDir()
	o.Sites[0].Proxy, o.Sites[0].Contact, o.Sites[0].Delay = proxy, "me@example.com", time.Millisecond
	o.Resolve = nil
	// Names lead to a public address that nothing is connected to.
	o.resolver, _ = rebinding(t, [4]byte{192, 88, 98, 1})
	report, err := Run(context.Background(), o)
	keepsSecret(t, o.Dir)
	if err != nil && strings.Contains(err.Error(), secret) {
		t.Errorf("the error holds the password: %v", err)
	}
	return report, o.Dir, err
}

func TestProxy(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 5})
	target := strings.TrimPrefix(site.URL, "http://")
	plain, server := crawltest.NewProxy(target, false)
	t.Cleanup(server.Close)
	secure, tlsServer := crawltest.NewProxy(target, true)
	t.Cleanup(tlsServer.Close)
	socks, err := crawltest.NewSOCKS(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socks.Close() })
	roots := x509.NewCertPool()
	roots.AddCert(tlsServer.Certificate())
	direct := t.TempDir()
	if _, err := Run(context.Background(), optionsFor(site.URL, direct)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		proxy   *crawltest.Proxy
		address string
	}{
		{plain, "http://" + strings.TrimPrefix(server.URL, "http://")},
		{secure, "https://" + strings.TrimPrefix(tlsServer.URL, "https://")},
		{socks, "socks5://" + socks.Addr()},
	} {
		scheme, _, _ := strings.Cut(c.address, ":")
		t.Run(scheme, func(t *testing.T) {
			c.proxy.User, c.proxy.Password = "me", secret
			o := optionsFor("", "")
			o.tls = &tls.Config{RootCAs: roots}
			_, dir, err := byProxy(t, strings.Replace(c.address, "://", "://me:"+secret+"@", 1), o)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := readFile(t, dir, DocumentsFile), readFile(t, direct, DocumentsFile); !bytes.Equal(got, want) {
				t.Errorf("documents differ from those fetched without a proxy:\n%s\n%s", got, want)
			}
			asked := slices.Compact(c.proxy.Asked())
			if !slices.Equal(asked, []string{"tales.example:80"}) {
				t.Errorf("the proxy was asked for %q", asked)
			}
			if _, _, err := byProxy(t, c.address, o); err == nil {
				t.Error("crawled without the proxy's password")
			}
		})
	}
}

// What the dialer refuses without a proxy is not asked of one either.
func TestProxyIsNotAskedForPrivateAddresses(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<h1>一</h1><div class="story">从前有一只狐狸。</div>`)
	}))
	t.Cleanup(inner.Close)
	proxy, server := crawltest.NewProxy(strings.TrimPrefix(inner.URL, "http://"), false)
	t.Cleanup(server.Close)
	for _, start := range []string{"http://10.0.0.1/", "http://192.168.7.7:8080/a", "http://localhost/"} {
		// Start addresses are named by the user: these go to the proxy.
		o := optionsFor("", "")
		o.Sites[0].Start = []string{start}
		o.Sites[0].MaxPages = 1
		if _, _, err := byProxy(t, server.URL, o); err != nil {
			t.Errorf("%s: %v", start, err)
		}
	}
	before := len(proxy.Asked())
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resolver, _ := rebinding(t, [4]byte{127, 0, 0, 1})
	d := newDialer(nil, nil)
	d.resolver = resolver
	for _, to := range []string{"http://10.0.0.1/", "http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://169.254.169.254/", "http://inner.example/", "http://[::ffff:10.0.0.1]/"} {
		req := httptest.NewRequest(http.MethodGet, to, nil)
		req = req.WithContext(withProxy(req.Context(), address))
		if _, err := d.proxyFor(req); failureKind(err) != FailRefused {
			t.Errorf("%s: %v, want a refused address", to, err)
		}
	}
	if n := len(proxy.Asked()); n != before {
		t.Errorf("the proxy was asked %d times", n-before)
	}
}

// A start address redirects into the user's network, and a proxy would go there.
func TestProxyAndRedirects(t *testing.T) {
	moved := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
		case "/away":
			http.Redirect(w, r, "http://10.0.0.1/secret", http.StatusFound)
		default:
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<h1>一</h1><div class="story">从前有一只狐狸。</div>`)
		}
	}))
	t.Cleanup(moved.Close)
	proxy, server := crawltest.NewProxy(strings.TrimPrefix(moved.URL, "http://"), false)
	t.Cleanup(server.Close)
	o := optionsFor("", "")
	o.Sites[0].Start = []string{"http://tales.example/", "http://tales.example/away"}
	report, _, err := byProxy(t, server.URL, o)
	if err != nil {
		t.Fatal(err)
	}
	if refused := report.Sites[0].Failures[FailRefused]; len(refused) != 1 || refused[0].URL != "http://10.0.0.1/secret" {
		t.Errorf("failures %v", report.Sites[0].Failures)
	}
	for _, address := range proxy.Asked() {
		if address != "tales.example:80" {
			t.Errorf("the proxy was asked for %s", address)
		}
	}
}
