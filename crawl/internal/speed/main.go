// Command speed serves a site on the loopback interface for comparisons of crawlers:
// pages of 3 KB in lists of 50, and a robots.txt. measure.sh runs crawlers on it.
//
//	speed -pages 5000 -listen 127.0.0.1:8901
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

const perList = 50

// paragraph is some 150 bytes of a story.
const paragraph = "<p>从前，山里住着第%d只狐狸，它每天清早都到河边打水，路上遇见了第%d棵大树下的兔子。</p>\n"

func main() {
	pages := flag.Int("pages", 5000, "how many pages there are beside the lists")
	listen := flag.String("listen", "127.0.0.1:0", "`address` to listen at; it is printed")
	flag.Parse()
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintln(os.Stdout, l.Addr())
	log.Fatal(http.Serve(l, site(*pages)))
}

// site serves /list/0, which leads to all pages.
func site(pages int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		n, err := strconv.Atoi(rest)
		switch {
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n")
		case kind == "list" && err == nil && n >= 0 && n*perList < pages:
			writeHTML(w, list(n, pages))
		case kind == "tale" && err == nil && n >= 0 && n < pages:
			writeHTML(w, tale(n))
		default:
			http.NotFound(w, r)
		}
	})
}

func writeHTML(w http.ResponseWriter, page string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, page)
}

func list(n, pages int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><title>目录 %d</title>\n", n)
	for i := n * perList; i < min((n+1)*perList, pages); i++ {
		fmt.Fprintf(&b, "<a href=\"/tale/%d\">故事 %d</a>\n", i, i)
	}
	if (n+1)*perList < pages {
		fmt.Fprintf(&b, "<a href=\"/list/%d\">更多</a>\n", n+1)
	}
	return b.String()
}

func tale(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><title>故事 %d</title><a href=\"/list/0\">目录</a><h1>第%d个故事</h1><div class=\"story\">\n", n, n)
	for i := range 19 {
		fmt.Fprintf(&b, paragraph, n, i)
	}
	b.WriteString("</div>\n")
	return b.String()
}
