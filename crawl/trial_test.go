package crawl

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// tryServer has a page of each kind.
func tryServer(t *testing.T) Options {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /secret\n")
		case "/old":
			http.Redirect(w, r, "/tale/1", http.StatusMovedPermanently)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/tale/1":
			text, _ := simplifiedchinese.GBK.NewEncoder().String(`<h1>狐狸和乌鸦</h1><p class=author>林舟</p><p class=date>2020年3月4日</p>
				<div class=story><p>乌鸦在树上。</p><p>狐狸在树下。</p></div>
				<a href="/tale/1/2">下一页</a> <a href="/tale/2">二</a> <a href="/tale/2">又</a> <a href="/about">关于</a>
				<a href="http://other.example/">外</a> <a href="mailto:a@b.example">信</a> <a rel=nofollow href="/tale/3">三</a>`)
			w.Header().Set("Content-Type", "text/html; charset=gbk")
			fmt.Fprint(w, text)
		case "/app":
			fmt.Fprint(w, `<div id=app></div><script src=a.js></script>`)
		case "/list":
			fmt.Fprint(w, `<h1>目录</h1><a href="/tale/1">一</a>`)
		default:
			http.NotFound(w, r)
		}
	})
	o := optionsFor(server.URL, "")
	o.Sites[0].Allow = []string{"/tale/"}
	return o
}

func TestTry(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	o := tryServer(t)
	for path, want := range map[string]string{
		"old": `address   http://tales.example/old
leads to  http://tales.example/tale/1
status    200, BYTES bytes
charset   gbk
title     狐狸和乌鸦
author    林舟
date      2020-03-04
next      http://tales.example/tale/1/2
text      13 characters
  乌鸦在树上。
  狐狸在树下。
links followed: 2
  http://tales.example/tale/1/2
  http://tales.example/tale/2
links dropped, allow and deny: 1
  http://tales.example/about
links dropped, not an address: 1
  mailto:a@b.example
links dropped, other host: 1
  http://other.example/
links dropped, nofollow: 1
`,
		"app": `address   http://tales.example/app
status    200, BYTES bytes
failure   needs javascript
script    the page shows next to nothing without JavaScript, which is not run
charset   utf-8
`,
		"list": `address   http://tales.example/list
status    200, BYTES bytes
charset   utf-8
title     目录
no story  no text found; the links count alone
links followed: 1
  http://tales.example/tale/1
`,
		"secret": `address   http://tales.example/secret
no story  robots.txt
`,
		"none": `address   http://tales.example/none
status    404, BYTES bytes
failure   http 404
`,
	} {
		trial, err := Try(t.Context(), o, virtual+path)
		if err != nil {
			t.Fatal(err)
		}
		want = strings.Replace(want, "BYTES", fmt.Sprint(trial.Bytes), 1)
		if got := trial.Text(); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
		}
	}
	if trial, err := Try(t.Context(), o, virtual+"round"); err != nil || trial.Failure != FailRedirects {
		t.Errorf("%+v %v", trial, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it wrote %v, %v", left, err)
	}
}

func TestTryRefuses(t *testing.T) {
	o := tryServer(t)
	if _, err := Try(t.Context(), o, "ftp://tales.example/"); err == nil {
		t.Error("no error for an address that is none")
	}
	o.Sites = append(o.Sites, Site{Name: "b", Start: []string{virtual}})
	if _, err := Try(t.Context(), o, virtual); err == nil || !strings.Contains(err.Error(), "one site, not 2") {
		t.Errorf("%v", err)
	}
}
