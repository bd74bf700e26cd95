package tales

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strconv"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// perPage is the number of tales an index page lists.
const perPage = 18

// gbkTale is the one page written in GBK, so that a crawl of the demonstration
// meets a page whose encoding only its own meta element tells.
const gbkTale = "042"

//go:embed templates
var templates embed.FS

const robots = `User-agent: *
Disallow: /private/
`

const style = `body { font-family: serif; max-width: 60em; margin: auto }
.sidebar, .comments, .breadcrumbs, footer { color: #555; font-size: smaller }
.story p { text-indent: 2em; line-height: 1.8 }
`

// A page is what the templates see. A page uses only some of the fields.
type page struct {
	Charset, PageTitle, Description string
	LastPage                        int
	AdTop, AdSide                   string
	// A tale's page.
	Tale           Tale
	IndexPage      string
	Previous, Next Tale
	Comments       []comment
	Related        []Tale
	// An index page.
	Page                   int
	Tales                  []Tale
	PreviousPage, NextPage string
}

// Teaser is the beginning of a tale, for index pages.
func (t Tale) Teaser() string {
	r := []rune(t.Paragraphs[0])
	if len(r) > 18 {
		r = r[:18]
	}
	return string(r)
}

// Site renders the demonstration's web site: a map from a file's path below
// the site's root to its bytes.
func Site(ts []Tale) (map[string][]byte, error) {
	t, err := template.ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	last := (len(ts) + perPage - 1) / perPage
	site := map[string][]byte{"robots.txt": []byte(robots), "style.css": []byte(style)}
	render := func(path, name string, p page) error {
		p.LastPage = last
		if p.Charset == "" {
			p.Charset = "utf-8"
		}
		if p.Description == "" {
			p.Description = "给孩子们的小故事"
		}
		var b bytes.Buffer
		if err := t.ExecuteTemplate(&b, name, p); err != nil {
			return fmt.Errorf("render %s: %w", path, err)
		}
		site[path] = b.Bytes()
		return nil
	}
	for i, tale := range ts {
		p := page{
			PageTitle:   tale.Title,
			Description: tale.Teaser(),
			AdTop:       pick(ads, i),
			AdSide:      pick(ads, i+3),
			Tale:        tale,
			IndexPage:   indexPath(i/perPage + 1),
			Comments:    commentsOf(i),
		}
		if i > 0 {
			p.Previous = ts[i-1]
		}
		if i+1 < len(ts) {
			p.Next = ts[i+1]
		}
		for _, step := range []int{7, 19, 31, 43} {
			p.Related = append(p.Related, ts[(i+step)%len(ts)])
		}
		path := "tales/" + tale.ID + ".html"
		if tale.ID == gbkTale {
			p.Charset = "gbk"
		}
		if err := render(path, "tale.html", p); err != nil {
			return nil, err
		}
		if tale.ID == gbkTale {
			if site[path], err = simplifiedchinese.GBK.NewEncoder().Bytes(site[path]); err != nil {
				return nil, fmt.Errorf("write %s in GBK: %w", path, err)
			}
		}
	}
	for n := 1; n <= last; n++ {
		p := page{
			PageTitle: "全部故事，第 " + strconv.Itoa(n) + " 页",
			AdSide:    pick(ads, n),
			Page:      n,
			Tales:     ts[(n-1)*perPage : min(n*perPage, len(ts))],
		}
		if n > 1 {
			p.PreviousPage = indexPath(n - 1)
		}
		if n < last {
			p.NextPage = indexPath(n + 1)
		}
		if err := render(indexPath(n)[1:], "index.html", p); err != nil {
			return nil, err
		}
	}
	if err := render("about.html", "about.html", page{PageTitle: "关于我们"}); err != nil {
		return nil, err
	}
	return site, render("private/draft.html", "draft.html", page{PageTitle: "草稿箱"})
}

// indexPath is the address of index page n, from 1.
func indexPath(n int) string {
	if n == 1 {
		return "/index.html"
	}
	return "/page/" + strconv.Itoa(n) + ".html"
}
