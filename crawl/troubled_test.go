package crawl

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestTroubledPages crawls pages that are not what a page should be. want is the
// text of the story, or what the report calls the page.
func TestTroubledPages(t *testing.T) {
	const tale = "从前，有一只狐狸住在森林里。"
	story := func(text string) string { return `<h1>狐狸</h1><div class="story">` + text + `</div>` }
	long := "<p>" + strings.Repeat("从前，有一只狐狸住在森林里，它常常到河边去看月亮。", 12) + "</p>"
	pages := map[string]struct{ body, want string }{
		// Answers with status 200 that say there is no such page.
		"/404/title":       {"<title>404 Not Found</title><h1>404 Not Found</h1><p>nginx</p>", FailNotFound},
		"/404/chinese":     {"<title>提示信息</title><p>抱歉，您访问的页面不存在或已被删除。</p>", FailNotFound},
		"/404/traditional": {"<title>提示</title><p>找不到您要的頁面。</p>", FailNotFound},
		"/404/deleted":     {"<title>小说网</title><p>该文章已被删除</p>", FailNotFound},
		"/404/empty-story": {"<title>页面未找到</title>" + story(""), FailNotFound},
		"/404/links":       {"<title>出错了</title><p>主题不存在</p><a href='/'>首页</a><a href='/list'>列表</a>", FailNotFound},
		// And those that only speak of it.
		"/404/story":  {"<title>404</title>" + story(tale), tale},
		"/404/number": {"<title>第404章 - 故事</title>" + story("<p>"+tale+"</p>"), tale},
		"/404/long":   {"<title>找不到的页面</title>" + story(long), strings.TrimSuffix(strings.TrimPrefix(long, "<p>"), "</p>")},
		// Empty bodies.
		"/empty/nothing": {"", FailEmpty},
		"/empty/space":   {" \n\t ", "index"},
		"/empty/html":    {"<html></html>", "index"},
		"/empty/mark":    {"\xef\xbb\xbf", "index"},
		"/empty/story":   {story("  　\n&nbsp;"), "index"},
		"/empty/comment": {"<!-- nothing -->", "index"},
		"/empty/nul":     {"\x00\x00\x00", "index"},
		// Broken HTML.
		"/html/cut":       {`<h1>狐狸</h1><div class="story"><p>` + tale, tale},
		"/html/cut-tag":   {story("<p>"+tale+"</p>") + `<a href="/x`, tale},
		"/html/no-end":    {"<h1>狐狸<div class=story><p><b>" + tale + "<i></p></b>", tale},
		"/html/crossed":   {"<h1>狐狸</h1><div class=story><b><p>" + tale + "</b></p></div>", tale},
		"/html/quotes":    {`<h1>狐狸</h1><div class="story" title="a"b" =x><p>` + tale + "</p></div>", tale},
		"/html/two-bodys": {"<html><body></body><body></html>" + story(tale) + "</html></body>", tale},
		"/html/entities":  {story("从前，有一只狐狸住在&#26862;&#x6797;里&#12290;&bogus;"), tale + "&bogus;"},
		"/html/nul":       {story("从前，有一只\x00狐狸住在森林里。"), tale},
		"/html/xml":       {`<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>` + story(tale) + "</body></html>", tale},
		"/html/comment":   {"<!-- <!-- -->" + story(tale) + "<!-- " + story("x"), tale},
		"/html/script":    {"<script>var a='</div>'</script>" + story(tale+"<script>if(a<b){}</script>"), tale},
		"/html/table":     {"<h1>狐狸</h1><table><div class=story>" + tale + "</div><tr><td>x</table>", tale},
		"/html/text":      {tale, "index"},
		"/html/binary":    {"\x89PNG\r\n\x1a\n\xff\xfe\x00\x01", "index"},
		"/html/deep":      {strings.Repeat("<div>", 600) + story(tale), FailHTML},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch p, ok := pages[r.URL.Path]; {
		case r.URL.Path == "/":
			for _, path := range slices.Sorted(maps.Keys(pages)) {
				fmt.Fprintf(w, `<a href="%s">x</a>`, path)
			}
		case !ok:
			http.NotFound(w, r)
		default:
			io.WriteString(w, p.body)
		}
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	report, err := Run(context.Background(), optionsFor(server.URL, dir))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, d := range readDocuments(t, dir) {
		got[strings.TrimPrefix(d.URL, "http://tales.example")] = d.Text
	}
	for kind, failed := range report.Sites[0].Failures {
		for _, f := range failed {
			got[strings.TrimPrefix(f.URL, "http://tales.example")] = kind
		}
	}
	for path, p := range pages {
		found, ok := got[path]
		if !ok {
			found = "index"
		}
		if found != p.want {
			t.Errorf("%s: %q, want %q", path, found, p.want)
		}
	}
}
