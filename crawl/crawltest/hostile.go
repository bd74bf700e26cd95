package crawltest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Hostile are the paths of a [HostileSite] with the kind of failure that a crawler
// is to report for each.
var Hostile = map[string]string{
	"/bomb":        "too large",
	"/bomb-twice":  "too large",
	"/layers":      "encoding",
	"/endless":     "too large",
	"/announced":   "too large",
	"/drip":        "timeout",
	"/head-drip":   "timeout",
	"/flood":       "too large",
	"/long-field":  "too large",
	"/interim":     "too large",
	"/not-http":    "protocol",
	"/escape":      "redirects",
	"/hop/0":       "",
	"/many-fields": "too large",
	"/long-base":   "",
	"/long-links":  "",
}

// HostileSite is a server that means harm: its pages are made to cost a crawler
// time and memory without end.
type HostileSite struct {
	*httptest.Server
	stop   chan struct{}
	packed []byte // a bomb
	sent   atomic.Int64

	mu   sync.Mutex
	hits map[string]int
}

// NewHostile starts a hostile site on a loopback port; Close ends it.
func NewHostile() *HostileSite {
	s := &HostileSite{stop: make(chan struct{}), packed: bombBody(), hits: map[string]int{}}
	s.Server = httptest.NewServer(s)
	return s
}

// Close stops the site.
func (s *HostileSite) Close() {
	close(s.stop)
	s.Server.Close()
}

// Hits is how often each path was asked for.
func (s *HostileSite) Hits() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := make(map[string]int, len(s.hits))
	for k, v := range s.hits {
		m[k] = v
	}
	return m
}

// Sent is the number of bytes of /endless that were taken off the server.
func (s *HostileSite) Sent() int64 { return s.sent.Load() }

// endlessBytes is the size of /endless.
const endlessBytes = 10 << 30

// ServeHTTP serves the site.
func (s *HostileSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.hits[r.URL.Path]++
	s.mu.Unlock()
	w.Header()["Date"] = nil
	path := r.URL.Path
	switch {
	case path == "/":
		var b strings.Builder
		for _, path := range sorted(Hostile) {
			fmt.Fprintf(&b, `<a href="%s">x</a>`, path)
		}
		html(w, b.String()+`<h1>好</h1><div class="story">从前有一只狐狸。</div>`)
	case path == "/robots.txt":
		http.NotFound(w, r)
	case path == "/bomb":
		s.bomb(w, "gzip")
	case path == "/bomb-twice":
		s.bomb(w, "gzip, gzip")
	case path == "/layers":
		s.bomb(w, "gzip, gzip, gzip, gzip")
	case path == "/endless":
		w.Header().Set("Content-Type", "text/html")
		block := []byte(strings.Repeat("<p>", 1<<15))
		for total := 0; total < endlessBytes; total += len(block) {
			n, err := w.Write(block)
			if s.sent.Add(int64(n)); err != nil {
				return
			}
		}
	case path == "/announced":
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", fmt.Sprint(int64(endlessBytes)))
		io.WriteString(w, "<p>")
	case path == "/drip":
		w.Header().Set("Content-Type", "text/html")
		s.drip(r, func() error {
			io.WriteString(w, "x")
			return http.NewResponseController(w).Flush()
		})
	case path == "/flood":
		for i := range 1000 {
			w.Header().Set(fmt.Sprintf("X-Flood-%d", i), strings.Repeat("x", 1000))
		}
		html(w, "flood")
	case path == "/many-fields":
		for i := range 100_000 {
			w.Header().Add("A", fmt.Sprint(i))
		}
		html(w, "flood")
	case path == "/long-field":
		w.Header().Set("X-Long", strings.Repeat("x", 50<<20))
		html(w, "flood")
	case path == "/long-base":
		// Each link by itself is short.
		html(w, `<base href="/`+strings.Repeat("A", 5<<20)+`/">`+strings.Repeat(`<a href="./">x</a>`, 10_000))
	case path == "/long-links":
		// For parsers whose time is the square of the length.
		html(w, `<a href="x`+strings.Repeat("/", 4<<20)+`">下一页</a><a href="http://`+strings.Repeat("A", 4<<20)+`@h/">x</a>`+
			strings.Repeat(`<a href="./y`+strings.Repeat("/", 8000)+`">下一页</a>`, 120))
	case path == "/escape":
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	case strings.HasPrefix(path, "/hop/"):
		var n int
		fmt.Sscanf(path, "/hop/%d", &n)
		http.Redirect(w, r, fmt.Sprintf("/hop/%d", n+1), http.StatusFound)
	default:
		s.raw(w, r)
	}
}

// raw answers with what is not, or not yet, HTTP.
func (s *HostileSite) raw(w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	switch r.URL.Path {
	case "/head-drip":
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-Slow: ")
		s.drip(r, func() error {
			_, err := io.WriteString(conn, "x")
			return err
		})
	case "/interim":
		for range 100_000 {
			if _, err := io.WriteString(conn, "HTTP/1.1 103 Early Hints\r\n\r\n"); err != nil {
				return
			}
		}
	case "/not-http":
		io.WriteString(conn, strings.Repeat("\x00\xff\r\n", 1<<20))
	}
}

// drip calls send every 50 ms until it fails or the site is closed.
func (s *HostileSite) drip(r *http.Request, send func() error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if send() != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.stop:
			return
		}
	}
}

// bomb is small as sent, and 200 MB when decompressed once.
func (s *HostileSite) bomb(w http.ResponseWriter, encoding string) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Content-Encoding", encoding)
	if encoding == "gzip" {
		w.Write(s.packed)
		return
	}
	z := gzip.NewWriter(w)
	defer z.Close()
	z.Write(s.packed)
}

// bombBody is made before anyone waits for it: that takes long where programs run slowly.
func bombBody() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.CopyN(z, zeros{}, 200<<20)
	z.Close()
	return b.Bytes()
}
