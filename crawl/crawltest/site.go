// Package crawltest serves a made-up web site for tests of crawlers: index
// pages, stories, clutter, and every kind of trouble a real site has, each of
// bounded cost.
//
// The site is a function of its options: every page has the same bytes in every
// run, and answers carry no date, so that archives of it can be compared.
package crawltest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Options of a [Site].
type Options struct {
	// Stories is the number of story pages, /story/1 .. /story/N.
	Stories int
	// PerIndex is the number of stories that an index page links to; 0 is 20.
	PerIndex int
	// Trouble adds links to pages that fail, one of each kind in Troubles.
	Trouble bool
	// Robots is the robots.txt; "" forbids /private/ only.
	Robots string
	// HugeBytes is the size of /huge and of /bomb when decompressed; 0 is 11 MiB.
	HugeBytes int
}

// Troubles are the paths that the first index page links to when
// Options.Trouble is set, with what is wrong with each.
var Troubles = map[string]string{
	"/missing":         "404",
	"/broken":          "500",
	"/flaky":           "503 once, then a story",
	"/empty":           "200 without a body",
	"/slow":            "never sends its body",
	"/huge":            "larger than any limit",
	"/bomb":            "small, and huge when decompressed",
	"/flood":           "a megabyte of header fields",
	"/badgzip":         "not the gzip it says it is",
	"/reset":           "closes the connection in the middle",
	"/deep":            "nested without end",
	"/mangled":         "HTML that is cut off, with a story all the same",
	"/loop/a":          "redirects in a circle",
	"/chain/0":         "redirects without end",
	"/moved":           "redirects to a story",
	"/nowhere":         "redirects to no address",
	"/private/1":       "forbidden by robots.txt",
	"/to-private":      "redirects to what robots.txt forbids",
	"/image.png":       "not a page",
	"/gbk":             "a story in GBK, declared in the head",
	"/gbk-meta":        "a story in GBK, declared in the page",
	"/gbk-undeclared":  "a story in GBK, not declared",
	"/big5-undeclared": "a story in Big5, not declared",
	"/lying":           "a story in GBK that says it is UTF-8",
	"/nofollow":        "a page that asks not to follow its links",
}

// Site is a running site.
type Site struct {
	*httptest.Server
	options Options

	mu   sync.Mutex
	hits map[string]int
	stop chan struct{} // closed to let slow pages go
}

// New starts a site on a loopback port; Close ends it.
func New(o Options) *Site {
	if o.PerIndex <= 0 {
		o.PerIndex = 20
	}
	if o.HugeBytes <= 0 {
		o.HugeBytes = 11 << 20
	}
	s := &Site{options: o, hits: map[string]int{}, stop: make(chan struct{})}
	s.Server = httptest.NewServer(s)
	return s
}

// Close stops the site.
func (s *Site) Close() {
	close(s.stop)
	s.Server.Close()
}

// Hits is how often each path was asked for.
func (s *Site) Hits() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := make(map[string]int, len(s.hits))
	for k, v := range s.hits {
		m[k] = v
	}
	return m
}

// ServeHTTP serves the site.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.hits[r.URL.Path]++
	times := s.hits[r.URL.Path]
	s.mu.Unlock()
	w.Header()["Date"] = nil // no date of today: see the package's comment
	path := r.URL.Path
	switch {
	case path == "/robots.txt":
		text := s.options.Robots
		if text == "" {
			text = "User-agent: *\nDisallow: /private/\n"
		}
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, text)
	case path == "/" || strings.HasPrefix(path, "/index/"):
		s.index(w, path)
	case strings.HasPrefix(path, "/story/"):
		n, err := strconv.Atoi(strings.TrimPrefix(path, "/story/"))
		if err != nil || n < 1 || n > s.options.Stories {
			http.NotFound(w, r)
			return
		}
		html(w, s.Story(n))
	case strings.HasPrefix(path, "/calendar/"):
		n, _ := strconv.Atoi(strings.TrimPrefix(path, "/calendar/"))
		html(w, fmt.Sprintf(`<p>Day %d</p><a href="/calendar/%d">next day</a>`, n, n+1))
	default:
		s.trouble(w, r, times)
	}
}

func html(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, body)
}

// index links to a part of the stories and to the next index page.
func (s *Site) index(w http.ResponseWriter, path string) {
	page, _ := strconv.Atoi(strings.TrimPrefix(path, "/index/"))
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><title>目录</title><nav><a href="/">首页</a> <a href="mailto:a@b.c">信</a>
<a href="http://elsewhere.example/">别处</a> <a href="#top">上</a></nav><ul>`)
	first := page*s.options.PerIndex + 1
	last := min(first+s.options.PerIndex-1, s.options.Stories)
	for n := first; n <= last; n++ {
		fmt.Fprintf(&b, `<li><a href="/story/%d?utm_source=index#text">故事 %d</a>`, n, n)
	}
	b.WriteString("</ul>")
	if page == 0 && s.options.Trouble {
		for _, path := range sorted(Troubles) {
			fmt.Fprintf(&b, `<a href="%s">%s</a>`, path, Troubles[path])
		}
	}
	if last < s.options.Stories {
		fmt.Fprintf(&b, `<a rel="next" href="/index/%d">下一页</a>`, page+1)
	}
	html(w, b.String())
}

// Story is the page of story n, with the usual clutter around it.
func (s *Site) Story(n int) string {
	return fmt.Sprintf(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>故事 %d - 童话站</title>
<style>.ad{color:red}</style><script>var ad="广告";</script></head><body>
<nav><a href="/">首页</a></nav><h1>第%d个故事</h1>
<div class="ad">广告：快来买！</div>
<div class="story">%s<script>track(%d)</script><p style="display: none">看不见</p></div>
<aside>评论：真好看！</aside><a href="/story/%d">下一个</a></body></html>`, n, n, Paragraphs(n), n, n%max(1, s.options.Stories)+1)
}

// Paragraphs is the marked-up text of story n.
func Paragraphs(n int) string {
	var b strings.Builder
	for _, line := range Lines(n) {
		fmt.Fprintf(&b, "\n<p>　　%s</p>", line)
	}
	return b.String()
}

// Lines is the text of story n, a paragraph an element.
func Lines(n int) []string {
	animal := []string{"狐狸", "乌鸦", "小猪", "老虎", "兔子"}[n%5]
	thing := []string{"苹果", "月亮", "帽子", "钥匙"}[n/5%4]
	return []string{
		fmt.Sprintf("从前，森林里有一只%s，它住在第%d棵大树下面。", animal, n),
		fmt.Sprintf("有一天，%s在路上找到了一个%s。“这个%s真漂亮！”%s说。", animal, thing, thing, animal),
		fmt.Sprintf("后来，%s把%s送给了自己的朋友，大家都很高兴。", animal, thing),
	}
}

func (s *Site) trouble(w http.ResponseWriter, r *http.Request, times int) {
	story := func(e encoding.Encoding, head, meta string, n int) {
		text, _ := e.NewEncoder().String(meta + `<h1>故事</h1><div class="story">` + Paragraphs(n) + "</div>")
		w.Header().Set("Content-Type", head)
		io.WriteString(w, text)
	}
	path := r.URL.Path
	switch {
	case path == "/broken":
		http.Error(w, "trouble", http.StatusInternalServerError)
	case path == "/flaky":
		if times == 1 {
			w.Header().Set("Retry-After", "0")
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		html(w, `<h1>迟到</h1><div class="story"><p>迟到的故事。</p></div>`)
	case path == "/empty":
		w.Header().Set("Content-Type", "text/html")
	case path == "/slow":
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<p>")
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-s.stop:
		}
	case path == "/huge":
		w.Header().Set("Content-Type", "text/html")
		block := bytes.Repeat([]byte("x"), 1<<16)
		for sent := 0; sent < s.options.HugeBytes; sent += len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	case path == "/bomb":
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.CopyN(z, zeros{}, int64(s.options.HugeBytes))
		z.Close()
	case path == "/flood":
		for i := range 1000 {
			w.Header().Set(fmt.Sprintf("X-Flood-%d", i), strings.Repeat("x", 1000))
		}
		html(w, "flood")
	case path == "/badgzip":
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, "this is not gzip")
	case path == "/reset":
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, "<p>half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case path == "/deep":
		html(w, strings.Repeat("<div>", 5000))
	case path == "/mangled":
		html(w, `<h1>残缺</h1><div class="story"><p>没有结尾的故事<b>在这里</p><p>第二段<a href="/story/1`)
	case path == "/loop/a":
		http.Redirect(w, r, "/loop/b", http.StatusFound)
	case path == "/loop/b":
		http.Redirect(w, r, "/loop/a", http.StatusFound)
	case strings.HasPrefix(path, "/chain/"):
		n, _ := strconv.Atoi(strings.TrimPrefix(path, "/chain/"))
		http.Redirect(w, r, fmt.Sprintf("/chain/%d", n+1), http.StatusMovedPermanently)
	case path == "/moved":
		http.Redirect(w, r, "/story/1", http.StatusMovedPermanently)
	case path == "/nowhere":
		w.Header().Set("Location", "http://%zz/")
		w.WriteHeader(http.StatusFound)
	case path == "/to-private":
		http.Redirect(w, r, "/private/2", http.StatusFound)
	case path == "/image.png":
		w.Header().Set("Content-Type", "image/png")
		io.WriteString(w, "\x89PNG")
	case path == "/gbk":
		story(simplifiedchinese.GBK, "text/html; charset=gbk", "", 1)
	case path == "/gbk-meta":
		story(simplifiedchinese.GBK, "text/html", `<meta charset="gb2312">`, 2)
	case path == "/gbk-undeclared":
		story(simplifiedchinese.GBK, "text/html", "", 3)
	case path == "/big5-undeclared":
		text, _ := traditionalchinese.Big5.NewEncoder().String(
			`<h1>故事</h1><div class="story"><p>從前，森林裡有一隻狐狸，牠在路上找到了一個蘋果。「這個蘋果真漂亮！」狐狸說。</p></div>`)
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, text)
	case path == "/lying":
		story(simplifiedchinese.GBK, "text/html; charset=utf-8", "", 4)
	case path == "/nofollow":
		html(w, `<meta name="robots" content="noindex, nofollow"><a href="/hidden">x</a>`)
	default:
		http.NotFound(w, r)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
