package crawl

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"wakong/crawl/crawltest"
)

// rebinding is a resolver whose answer to every question is the next of the
// addresses, the last one for ever.
func rebinding(t *testing.T, addresses ...[4]byte) (*net.Resolver, *atomic.Int64) {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	done := make(chan struct{})
	t.Cleanup(func() { server.Close(); <-done })
	go func() {
		defer close(done)
		buffer := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response = true
			m.Additionals = nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				i := min(int(asked.Add(1)), len(addresses)) - 1
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: addresses[i]},
				}}
			}
			if data, err := m.Pack(); err == nil {
				server.WriteTo(data, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", server.LocalAddr().String())
	}}, &asked
}

// TestRebinding has a name that leads to a public address when it is looked at
// first, and into this machine when it is connected to.
func TestRebinding(t *testing.T) {
	inner := serve(t, func(w http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked for", r.URL) })
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(inner.URL, "http://"))
	start, _ := url.Parse("http://tales.example:" + port + "/")
	for _, bad := range [][4]byte{{127, 0, 0, 1}, {10, 0, 0, 1}, {169, 254, 169, 254}, {0, 0, 0, 0}, {100, 64, 0, 1}} {
		resolver, asked := rebinding(t, [4]byte{192, 88, 98, 1}, bad)
		d := newDialer(nil, []*url.URL{start})
		d.resolver = resolver
		if ips, err := resolver.LookupIP(context.Background(), "ip4", "tales.example"); err != nil || ips[0].String() != "192.88.98.1" {
			t.Fatal(ips, err)
		}
		_, err := d.DialContext(context.Background(), "tcp", start.Host)
		if !errors.Is(err, errRefusedAddress) || failureKind(err) != FailRefused {
			t.Errorf("%v: error %v, want a refused address", bad, err)
		}
		if asked.Load() < 2 {
			t.Error("the name was not looked up again: the test says nothing")
		}
	}
}

// TestHostile crawls a server that means harm, with the default limits but for the
// time, which a busy machine has enough of, and one retry instead of two: each page costs bounded memory, and the crawl ends with a report.
func TestHostile(t *testing.T) {
	server := crawltest.NewHostile()
	t.Cleanup(server.Close)
	o := optionsFor(server.URL, t.TempDir())
	o.Limits.Time, o.Limits.Retries = 5*time.Second, 1
	o.Sites[0].Concurrency = 2
	var most atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var m runtime.MemStats
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-tick.C:
				runtime.ReadMemStats(&m)
				most.Store(max(most.Load(), m.HeapAlloc))
			case <-stop:
				tick.Stop()
				return
			}
		}
	}()
	report, err := Run(context.Background(), o)
	close(stop)
	<-done
	if err != nil {
		t.Fatal(err)
	}
	failed := map[string]string{}
	for kind, all := range report.Sites[0].Failures {
		for _, f := range all {
			failed[strings.TrimPrefix(f.URL, virtual)] = kind
		}
	}
	for path, want := range crawltest.Hostile {
		if got := failed[strings.TrimPrefix(path, "/")]; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if failed["hop/10"] != FailRedirects {
		t.Errorf("redirects without end: %v", failed)
	}
	// A body as sent, decompressed and decoded, for each of two at once, the garbage
	// of those before them, and the store.
	if peak := most.Load() >> 20; peak > 400 {
		t.Errorf("%d MiB of memory", peak)
	}
	if report.Stories != 1 {
		t.Errorf("%d stories, want the one among the hostile pages", report.Stories)
	}
	for path, n := range server.Hits() {
		if crawltest.Hostile[path] == FailTooLarge && n != 1 {
			t.Errorf("%s, beyond a limit, was asked for %d times", path, n)
		}
	}
	if sent := server.Sent(); sent > 200<<20 {
		t.Errorf("%d MiB were read of a body of 10 GB", sent>>20)
	}
}

// TestNoCredentials: what is sent to be let in is not archived.
func TestNoCredentials(t *testing.T) {
	req, _ := http.NewRequest(http.MethodGet, "http://tales.example/", nil)
	for _, field := range []string{"Authorization", "Cookie", "Proxy-Authorization"} {
		req.Header.Set(field, "secret")
	}
	req.Header.Set("Accept", "*/*")
	if head := string(requestHead(req)); strings.Contains(head, "secret") || !strings.Contains(head, "Accept: */*") {
		t.Errorf("archived:\n%s", head)
	}
	if req.Header.Get("Cookie") == "" {
		t.Error("the request itself was changed")
	}
}
