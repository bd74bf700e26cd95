package crawl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// partPage is a page of a story, with a link to the next one.
type partPage struct{ path, title, text, next string }

// joined are the stories of the pages, in this order, as "path title: text".
func joinedStories(t *testing.T, story Story, pages []partPage) []string {
	t.Helper()
	e, err := story.Compile()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.remove()
	for _, p := range pages {
		page := htmlPage(fmt.Sprintf(`<h1>%s</h1><p class=author>%s</p><p class=date>2020-01-0%d</p><div class=story>%s</div><a href="%s">下一页</a>`,
			p.title, "作者"+p.text, len(p.text)%9+1, p.text, p.next))
		page.URL = "http://a.example" + p.path
		x, err := e.extract(page)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.add(x); err != nil {
			t.Fatal(err)
		}
	}
	var out []string
	_, err = s.stories(context.Background(), func(d Document) error {
		first, _, _ := strings.Cut(d.Text, "\n")
		if d.Author != "作者"+first || d.Date == "" {
			t.Errorf("%s: author %q, date %q: not those of the first part", d.URL, d.Author, d.Date)
		}
		out = append(out, fmt.Sprintf("%s %s: %s", strings.TrimPrefix(d.URL, "http://a.example"), d.Title, strings.ReplaceAll(d.Text, "\n", "")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestJoin(t *testing.T) {
	body := Story{Body: ".story"}
	for name, test := range map[string]struct {
		story Story
		pages []partPage
		want  []string
	}{
		"in order": {body, []partPage{
			{"/s/12", "狼", "一", "/s/12/2"}, {"/s/12/2", "狼（2）", "二", "/s/12/3"}, {"/s/12/3", "狼（3）", "三", ""},
		}, []string{"/s/12 狼: 一二三"}},
		"fetched in another order": {body, []partPage{
			{"/s/12/3", "狼 3/3", "三", ""}, {"/s/12", "狼", "一", "/s/12/2"}, {"/s/12/2", "狼 2/3", "二", "/s/12/3"},
		}, []string{"/s/12 狼: 一二三"}},
		"numbered stories": {body, []partPage{
			{"/story/2", "狐狸", "一", "/story/3"}, {"/story/3", "乌鸦", "二", "/story/4"}, {"/story/4", "白兔", "三", ""},
		}, []string{"/story/2 狐狸: 一", "/story/3 乌鸦: 二", "/story/4 白兔: 三"}},
		"numbered stories by file": {body, []partPage{
			{"/tale-1.html", "狐狸", "一", "/tale-2.html"}, {"/tale-2.html", "乌鸦", "二", ""},
		}, []string{"/tale-1.html 狐狸: 一", "/tale-2.html 乌鸦: 二"}},
		"numbered posts": {body, []partPage{
			{"/?p=2", "狐狸", "一", "/?p=3"}, {"/?p=3", "乌鸦", "二", ""},
		}, []string{"/?p=2 狐狸: 一", "/?p=3 乌鸦: 二"}},
		"no title": {body, []partPage{
			{"/story/2", "", "一", "/story/3"}, {"/story/3", "", "二", ""},
		}, []string{"/story/2 : 一", "/story/3 : 二"}},
		"bare address, another title": {body, []partPage{
			{"/s/a.html", "狼", "一", "/s/a_2.html"}, {"/s/a_2.html", "续", "二", ""},
		}, []string{"/s/a.html 狼: 一二"}},
		"named page, another title": {body, []partPage{
			{"/s?page=2&id=7", "狼", "二", "/s?id=7&page=3"}, {"/s?id=7&page=3", "续", "三", ""},
		}, []string{"/s?page=2&id=7 狼: 二三"}},
		"folder page": {body, []partPage{
			{"/s/", "狼", "一", "/s/page/2"}, {"/s/page/2", "续", "二", "/s/page/3"}, {"/s/page/3", "终", "三", ""},
		}, []string{"/s/ 狼: 一二三"}},
		"missing page": {body, []partPage{
			{"/s/12", "狼", "一", "/s/12/2"}, {"/s/12/3", "狼", "三", ""},
		}, []string{"/s/12 狼: 一", "/s/12/3 狼: 三"}},
		"circle": {Story{Body: ".story", Next: "a"}, []partPage{
			{"/a", "狼", "一", "/b"}, {"/b", "狼", "二", "/c"}, {"/c", "狼", "三", "/a"},
		}, []string{"/a 狼: 一二三"}},
		"two before one": {Story{Body: ".story", Next: "a"}, []partPage{
			{"/a", "狼", "一", "/c"}, {"/b", "羊", "二", "/c"}, {"/c", "狼", "三", ""},
		}, []string{"/a 狼: 一三", "/b 羊: 二"}},
		"two before one, one of the same title": {body, []partPage{
			{"/s/2", "狼", "一", "/s/3"}, {"/s/3", "羊", "二", ""}, {"/s/page2", "羊", "三", "/s/3"},
		}, []string{"/s/2 狼: 一", "/s/page2 羊: 三二"}},
		"a selector is certain": {Story{Body: ".story", Next: "a"}, []partPage{
			{"/story/2", "狐狸", "一", "/story/3"}, {"/story/3", "乌鸦", "二", ""},
		}, []string{"/story/2 狐狸: 一二"}},
		"none": {Story{Body: ".story", Next: NextNone}, []partPage{
			{"/s/12", "狼", "一", "/s/12/2"}, {"/s/12/2", "狼", "二", ""},
		}, []string{"/s/12 狼: 一", "/s/12/2 狼: 二"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := joinedStories(t, test.story, test.pages); !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestStoryTitle(t *testing.T) {
	for title, want := range map[string]string{
		"狼来了": "狼来了", "狼来了（2）": "狼来了", "狼来了(２)_童话网": "狼来了 童话网", "狼来了 第2页": "狼来了", "狼来了 第二页/共5页 - 童话网": "狼来了 童话网",
		"狼来了 2/5": "狼来了", "狼来了【2/5】": "狼来了", "狼来了 2/5 - 童话网": "狼来了 童话网", "Wolf - Page 2 of 5": "wolf", "狼来了[第3页]": "狼来了",
		"1/2的月亮": "1/2的月亮", "第2章 狼": "第2章 狼", "三只小猪（上）": "三只小猪(上)", "2049": "2049", "第2页": "", "": "",
	} {
		if got := storyTitle(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestContinues(t *testing.T) {
	for name, test := range map[string]struct {
		from, to      string
		follows, sure bool
	}{
		"bare":          {"/s/12", "/s/12/2", true, true},
		"bare file":     {"/s/12.html", "/s/12_2.html", true, true},
		"bare query":    {"/s?id=12", "/s?id=12&page=2", true, true},
		"number":        {"/story/2", "/story/3", true, false},
		"number file":   {"/s/12-2.html", "/s/12-3.html", true, false},
		"letter":        {"/s/12_p2.html", "/s/12_p3.html", true, false},
		"page file":     {"/s/12_page2.html", "/s/12_page3.html", true, true},
		"page folder":   {"/s/page/2", "/s/page/3", true, true},
		"page, a dash":  {"/s/page-2.html", "/s/page-3.html", true, true},
		"page query":    {"/s?page=2", "/s?page=3", true, true},
		"post query":    {"/?p=2", "/?p=3", true, false},
		"backwards":     {"/story/3", "/story/2", false, false},
		"two on":        {"/story/2", "/story/4", false, false},
		"long number":   {"/story/20001", "/story/20002", false, false},
		"another story": {"/s/12", "/s/13/2", false, false},
		"the first":     {"/s/12", "/s/12/1", false, false},
	} {
		follows, sure := continues("http://a.example"+test.from, "http://a.example"+test.to)
		if follows != test.follows || sure != test.sure {
			t.Errorf("%s: %v, %v", name, follows, sure)
		}
	}
}
