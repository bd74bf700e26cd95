package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// servePages serves pages by path and query.
func servePages(t *testing.T, pages map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[strings.TrimPrefix(r.URL.RequestURI(), "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func chapter(title, text, links string) string {
	return fmt.Sprintf(`<h1>%s</h1><p class="author">林舟</p><div class="story"><p>%s</p></div><p>%s</p>`, title, text, links)
}

// TestPagination crawls small sites that cut their stories into pages in the ways in
// which sites do, and wants each story once, whole and in order.
func TestPagination(t *testing.T) {
	body := Story{Title: "h1", Body: ".story"}
	for name, test := range map[string]struct {
		site  func(*Site)
		story Story
		pages map[string]string
		want  []string // "path title: text"
	}{
		"a list links every part": {nil, body, map[string]string{
			"":          `<a href="s_2.html">2</a><a href="s.html">1</a><a href="s_3.html">3</a>`,
			"s.html":    chapter("磨坊", "一。", `<b>1</b> <a href="s_2.html">2</a> <a href="s_3.html">3</a> <a href="s_2.html">下一页</a>`),
			"s_2.html":  chapter("磨坊（2）", "二。", `<a href="s.html">上一页</a> <a href="s_3.html">下一页</a>`),
			"s_3.html":  chapter("磨坊（3）", "三。", `<a href="s_2.html">上一页</a>`),
			"s_33.html": chapter("别处", "不。", ""),
		}, []string{"s.html 磨坊: 一。二。三。"}},
		"link rel=next, query": {nil, body, map[string]string{
			"":              `<a href="s?id=7">x</a>`,
			"s?id=7":        `<head><link rel="next" href="s?id=7&amp;page=2"></head>` + chapter("渡船", "一。", ""),
			"s?id=7&page=2": `<head><link rel="prev next" href="?id=7&amp;page=3"></head>` + chapter("渡船", "二。", ""),
			"s?id=7&page=3": chapter("渡船", "三。", ""),
		}, []string{"s?id=7 渡船: 一。二。三。"}},
		"base and folders": {nil, body, map[string]string{
			"":      `<a href="t/5">x</a>`,
			"t/5":   `<head><base href="/t/"></head>` + chapter("风筝", "一。", `<a href="5/2">下一頁 &raquo;</a>`),
			"t/5/2": chapter("风筝 2/2", "二。", `<a href="/t/5">返回</a>`),
		}, []string{"t/5 风筝: 一。二。"}},
		"the next chapter is another story": {nil, body, map[string]string{
			"":    `<a href="c/1">x</a>`,
			"c/1": chapter("第一章 雨", "一。", `<a href="c2">下一章</a> <a href="/c/2">下一章</a>`),
			"c/2": chapter("第二章 雪", "二。", `<a href="/c/3">下一页</a>`),
			"c/3": chapter("第三章 风", "三。", ""),
		}, []string{"c/1 第一章 雨: 一。", "c/2 第二章 雪: 二。", "c/3 第三章 风: 三。"}},
		"a selector joins chapters": {nil, Story{Title: "h1", Body: ".story", Next: "a.next"}, map[string]string{
			"":    `<a href="c/1">x</a>`,
			"c/1": chapter("第一章 雨", "一。", `<a href="/c/3">下一页</a><a class=next href="/c/2">go</a>`),
			"c/2": chapter("第二章 雪", "二。", ""),
			"c/3": chapter("第三章 风", "三。", ""),
		}, []string{"c/1 第一章 雨: 一。二。", "c/3 第三章 风: 三。"}},
		"allow and max_depth are about stories": {func(s *Site) { s.Allow, s.MaxDepth = []string{"/s/9$"}, 1 }, body, map[string]string{
			"":      `<a href="s/9">x</a>`,
			"s/9":   chapter("井", "一。", `<a href="/s/9/2">下一页</a>`),
			"s/9/2": chapter("井", "二。", `<a href="/s/9/3">余下全文</a>`),
			"s/9/3": chapter("井", "三。", `<a href="/s/10">下一篇</a>`),
			"s/10":  chapter("桥", "不。", ""),
		}, []string{"s/9 井: 一。二。三。"}},
		"deny holds for parts": {func(s *Site) { s.Deny = []string{"_2"} }, body, map[string]string{
			"":         `<a href="s.html">x</a>`,
			"s.html":   chapter("井", "一。", `<a href="s_2.html">下一页</a>`),
			"s_2.html": chapter("井", "二。", ""),
		}, []string{"s.html 井: 一。"}},
		"a part is missing, another not to be used": {nil, body, map[string]string{
			"":         `<a href="a.html">x</a><a href="b.html">x</a>`,
			"a.html":   chapter("钟", "一。", `<a href="a_2.html">下一页</a>`),
			"b.html":   chapter("鼓", "一。", `<a href="b_2.html">下一页</a>`),
			"b_2.html": `<meta name="robots" content="noindex">` + chapter("鼓", "二。", ""),
		}, []string{"a.html 钟: 一。", "b.html 鼓: 一。"}},
		"nofollow, scripts and other hosts": {nil, body, map[string]string{
			"":         `<a href="a.html">x</a><a href="b.html">x</a><a href="c.html">x</a><a href="d.html">x</a>`,
			"a.html":   `<meta name="robots" content="nofollow">` + chapter("云", "一。", `<a href="a_2.html">下一页</a>`),
			"b.html":   chapter("雾", "一。", `<a href="javascript:next(2)">下一页</a>`),
			"c.html":   chapter("霜", "一。", `<a href="http://other.example/c_2.html">下一页</a>`),
			"d.html":   chapter("雪", "一。", `<a rel="external nofollow" href="d_2.html">下一页</a>`),
			"d_2.html": chapter("雪", "不。", ""),
		}, []string{"a.html 云: 一。", "b.html 雾: 一。", "c.html 霜: 一。", "d.html 雪: 一。"}},
		"nofollow, and a list that links the part": {nil, body, map[string]string{
			"":         `<a href="d.html">x</a><a href="d_2.html">x</a>`,
			"d.html":   chapter("雪", "一。", `<a rel="nofollow" href="d_2.html">下一页</a>`),
			"d_2.html": chapter("雪", "二。", ""),
		}, []string{"d.html 雪: 一。二。"}},
		"parts redirect, and lead in a circle": {nil, body, map[string]string{
			"":         `<a href="s.html">x</a>`,
			"s.html":   chapter("灯", "一。", `<a href="s_2.html">下一页</a>`),
			"s_2.html": chapter("灯", "二。", `<a href="s_3.html">下一页</a>`),
			"s_3.html": chapter("灯", "三。", `<a href="s_4.html">下一页</a><a href="s.html">下一页</a>`),
		}, []string{"s.html 灯: 一。二。三。"}},
		"without selectors": {nil, Story{MinCharacters: 5}, map[string]string{
			"":         `<a href="s.html">x</a>`,
			"s.html":   `<h1>火车</h1><article><p>从前有一列火车，每天清早从山脚开到海边去。</p><p>车上坐着一只狐狸。</p></article><a href="s_2.html">下一页</a>`,
			"s_2.html": `<h1>火车（2）</h1><article><p>狐狸到了海边，看见一条大船慢慢开过来。</p><p>船长是一只白鹅。</p></article>`,
		}, []string{"s.html 火车: 从前有一列火车，每天清早从山脚开到海边去。车上坐着一只狐狸。狐狸到了海边，看见一条大船慢慢开过来。船长是一只白鹅。"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := optionsFor(servePages(t, test.pages), dir)
			if o.Sites[0].Story = test.story; test.site != nil {
				test.site(&o.Sites[0])
			}
			if _, err := Run(context.Background(), o); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range readDocuments(t, dir) {
				got = append(got, fmt.Sprintf("%s %s: %s", strings.TrimPrefix(d.URL, virtual), d.Title, strings.ReplaceAll(d.Text, "\n", "")))
				if test.story.Body != "" && d.Author != "林舟" {
					t.Errorf("%s: author %q", d.URL, d.Author)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestNextOf: which link goes on with a page's story.
func TestNextOf(t *testing.T) {
	const here = "http://a.example/s/12.html"
	for html, want := range map[string]string{
		`<a href="12_2.html">下一页</a>`:                                  "http://a.example/s/12_2.html",
		`<a href="12_2.html">下一頁</a>`:                                  "http://a.example/s/12_2.html",
		`<a href="12_2.html"> [ 下页 ] </a>`:                             "http://a.example/s/12_2.html",
		`<a href="12_2.html">后一页 →</a>`:                                "http://a.example/s/12_2.html",
		`<a href="12_2.html"><span>下一页</span></a>`:                     "http://a.example/s/12_2.html",
		`<a href="12_2.html">Next Page »</a>`:                          "http://a.example/s/12_2.html",
		`<a href="12_2.html">继续阅读</a>`:                                 "http://a.example/s/12_2.html",
		`<a rel="next" href="12_2.html">›</a>`:                         "http://a.example/s/12_2.html",
		`<link rel="NEXT" href="/s/12_2.html">`:                        "http://a.example/s/12_2.html",
		`<a href="12_2.html#top">下一页</a>`:                              "http://a.example/s/12_2.html",
		`<a href="13.html">下一页</a><a href="12_2.html">下一页</a>`:         "http://a.example/s/12_2.html",
		`<a href="">下一页</a><a href="12_2.html">下一页</a>`:                "http://a.example/s/12_2.html",
		`<base href="http://a.example/s/"><a href="12_2.html">下一页</a>`: "http://a.example/s/12_2.html",
		`<a href="13.html">下一篇</a>`:                                    "",
		`<a href="12_2.html">下一章</a>`:                                  "",
		`<a href="12_2.html">下一页还有更多精彩故事</a>`:                          "",
		`<a href="12_2.html">2</a>`:                                    "",
		`<a href="12_3.html">下一页</a>`:                                  "", // the second is missing
		`<a href="12.html">下一页</a>`:                                    "",
		`<a href="mailto:a@b.example">下一页</a>`:                         "",
		`<a href="http://b.example/s/12_2.html">下一页</a>`:               "",
		`<a>下一页</a>`:                                                   "",
	} {
		e, err := Story{Body: "p"}.Compile()
		if err != nil {
			t.Fatal(err)
		}
		page := htmlPage(html + "<p>一</p>")
		page.URL = here
		x, err := e.extract(page)
		if err != nil || x.next != want {
			t.Errorf("%s: %q, %v; want %q", html, x.next, err, want)
		}
	}
}

// TestAbout: author and day, as pages declare and show them.
func TestAbout(t *testing.T) {
	for name, test := range map[string]struct {
		story              Story
		html, author, date string
	}{
		"declared":              {Story{}, `<meta name="author" content=" 林 舟 "><meta property="article:published_time" content="2021-03-04T05:06:07+08:00">`, "林 舟", "2021-03-04"},
		"declared before shown": {Story{}, `<meta property="og:novel:author" content="林舟"><p class="author">站长</p>`, "林舟", ""},
		"an address is no name": {Story{}, `<meta property="article:author" content="https://a.example/u/1"><span class="author">林舟</span>`, "林舟", ""},
		"shown":                 {Story{}, `<a rel="author">林舟</a><time datetime="2020-1-2">昨天</time>`, "林舟", "2020-01-02"},
		"microdata":             {Story{}, `<span itemprop="author">林舟</span><span itemprop="datePublished">2019年12月31日</span>`, "林舟", "2019-12-31"},
		"label":                 {Story{}, `<p>作者：林舟 | 来源：山里</p><p class="date">发布于 2018/7/6 10:00</p>`, "林舟", "2018-07-06"},
		"label, wide":           {Story{}, `<p>作　者: 林舟，编辑：白鹅</p>`, "林舟", ""},
		"label within":          {Story{}, `<p class="author">作者：林舟</p><p class="pubtime">时间：2018.7.16</p>`, "林舟", "2018-07-16"},
		"selectors":             {Story{Author: ".by", Date: ".on"}, `<meta name="author" content="站长"><p class="by">林舟</p><p class="on">二○年，2017-01-09 重印 2019-01-01</p>`, "林舟", "2017-01-09"},
		"selectors, no match":   {Story{Author: ".by", Date: ".on"}, `<meta name="author" content="站长"><meta name="date" content="2020-01-01">`, "", ""},
		"too long":              {Story{}, `<p class="author">` + strings.Repeat("长", 41) + `</p>`, "", ""},
		"no day":                {Story{}, `<p class="date">2020-13-45</p><p class="date">1820-01-01</p>`, "", ""},
		"second day is one":     {Story{}, `<p class="date">刚才</p><p class="time">2022-02-03</p>`, "", "2022-02-03"},
		"none":                  {Story{}, ``, "", ""},
	} {
		test.story.Body = ".story"
		d, found, err := Extract(htmlPage(test.html+`<h1>题</h1><div class="story">一</div>`), test.story)
		if err != nil || !found || d.Author != test.author || d.Date != test.date {
			t.Errorf("%s: author %q, date %q, %v; want %q, %q", name, d.Author, d.Date, err, test.author, test.date)
		}
	}
}
