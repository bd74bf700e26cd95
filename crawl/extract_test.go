package crawl

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"wakong/crawl/crawltest"
	"wakong/crawl/warc"
)

func htmlPage(body string) Page {
	return Page{URL: "http://a.example/1", Status: 200, Body: []byte(body), Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}}
}

func TestExtract(t *testing.T) {
	story := Story{Title: ".title", Body: ".story", Remove: ".ad"}
	for name, test := range map[string]struct{ html, title, text string }{
		"paragraphs":  {`<p class=title>题</p><div class=story><p>　　一 二</p><p>三</p></div>`, "题", "一 二\n三"},
		"breaks":      {`<div class=story>一<br>二<br/><br/>三</div>`, "", "一\n二\n三"},
		"inline":      {`<div class=story>狐<b>狸</b>和<a href=x>乌鸦</a><span>。</span></div>`, "", "狐狸和乌鸦。"},
		"white space": {"<div class=story>a\n  b&nbsp;&nbsp;c\u3000</div>", "", "a b c"},
		"invisible":   {`<div class=story>一<script>x</script><style>y</style><!-- z --><p hidden>h</p><p style="Display : none">n</p><i aria-hidden=true>i</i>二</div>`, "", "一二"},
		"removed":     {`<div class=story>一<div class=ad>买</div>二</div>`, "", "一\n二"},
		"in removed":  {`<div class=ad><div class=story>买</div></div><div class=story>一</div>`, "", "一"},
		"ruby":        {`<div class=story><ruby>狐<rp>(</rp><rt>hú</rt><rp>)</rp></ruby>狸</div>`, "", "狐狸"},
		"several":     {`<div class=story>一</div>x<div class=story>二<div class=story>三</div></div>`, "", "一\n二\n三"},
		"h1":          {`<title>页</title><h1>头 <b>条</b></h1><div class=story>一</div>`, "头 条", "一"},
		"title": {`<title> 页
 名</title><div class=story>一</div>`, "页 名", "一"},
		"empty title": {`<p class=title> </p><h1>头</h1><div class=story>一</div>`, "头", "一"},
		"open title":  {`<h1>头<div class=story><p>` + strings.Repeat("一", 150) + `</p><p>` + strings.Repeat("二", 150) + `</p></div>`, "头", strings.Repeat("一", 150) + "\n" + strings.Repeat("二", 150)},
		"long title":  {`<h1>` + strings.Repeat("长", 300) + `</h1><div class=story>一</div>`, strings.Repeat("长", 200), "一"},
		"hidden body": {`<div class=story style="display:none">一</div>`, "", "一"},
		"lists":       {`<div class=story><ul><li>一<li>二</ul><table><tr><td>三<td>四</table></div>`, "", "一\n二\n三\n四"},
		"zero width":  {"<div class=story>一\u200b二\ufeff三&shy;四</div>", "", "一二三四"},
		"none":        {`<div class=other>一</div>`, "", ""},
		"blank":       {`<div class=story> <p>　</p><script>x</script></div>`, "", ""},
	} {
		doc, found, err := Extract(htmlPage(test.html), story)
		if err != nil || found != (test.text != "") || doc.Text != test.text || found && doc.Title != test.title {
			t.Errorf("%s: title %q, text %q, %v, %v; want %q, %q", name, doc.Title, doc.Text, found, err, test.title, test.text)
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add([]byte(`<h1>题</h1><div class=story><p>一<p>二<script></div>`), "text/html; charset=gbk")
	f.Add([]byte("<svg><div class=story><![CDATA[x]]><math><title><plaintext>"), "text/html")
	f.Add([]byte("<select><template><div class=story><table><p>a"), "")
	f.Fuzz(func(t *testing.T, body []byte, head string) {
		page := htmlPage("")
		page.Body, page.Header = body, http.Header{"Content-Type": {head}}
		doc, found, err := Extract(page, Story{Title: "h1", Body: ".story, p", Remove: "i"})
		if err != nil {
			return
		}
		if found == (doc.Text == "") {
			t.Errorf("found %v with text %q", found, doc.Text)
		}
		if !utf8.ValidString(doc.Text) || !utf8.ValidString(doc.Title) || strings.Contains(doc.Title, "\n") {
			t.Errorf("title %q, text %q", doc.Title, doc.Text)
		}
		for line := range strings.SplitSeq(doc.Text, "\n") {
			if found && (line == "" || line != strings.TrimSpace(line)) {
				t.Errorf("line %q", line)
			}
		}
		again, _, _ := Extract(page, Story{Title: "h1", Body: ".story, p", Remove: "i"})
		if again != doc {
			t.Error("the same page gives another story the second time")
		}
	})
}

// TestArchiveGivesTheStories extracts from the finished archive what Run wrote,
// and checks every record's digests.
func TestArchiveGivesTheStories(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 25})
	dir := t.TempDir()
	o := optionsFor(site.URL, dir)
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	archive := readFile(t, dir, ArchiveFile)
	var docs []Document
	for page, err := range ReadArchive(bytes.NewReader(archive)) {
		if err != nil {
			t.Fatal(err)
		}
		if !page.Time.Equal(fixedNow()) {
			t.Errorf("%s: captured at %v", page.URL, page.Time)
		}
		doc, found, err := Extract(page, o.Sites[0].Story)
		if err != nil {
			t.Fatal(err)
		}
		if found {
			doc.Site = "tales"
			docs = append(docs, doc)
		}
	}
	if want := readDocuments(t, dir); !reflect.DeepEqual(docs, want) {
		t.Errorf("the archive gives %d stories, the crawl gave %d", len(docs), len(want))
	}
	in, err := warc.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for {
		r, err := in.Next()
		if err != nil {
			break
		}
		if err := r.CheckDigests(); err != nil {
			t.Error(err)
		}
		if ids[r.ID()] {
			t.Errorf("two records have the id %s", r.ID())
		}
		ids[r.ID()] = true
	}
	if len(ids) != 1+2*(1+27) {
		t.Errorf("%d records, want warcinfo and two for each of robots.txt and 27 pages", len(ids))
	}
}

// TestArchiveGolden shows the archive of a small crawl, uncompressed.
func TestArchiveGolden(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 1})
	dir := t.TempDir()
	o := optionsFor(site.URL, dir)
	o.Sites[0].Contact = "me@home.example"
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(readFile(t, dir, ArchiveFile)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "archive.warc", plain)
}

// TestReadOtherArchive reads the records of a crawler that keeps the transfer
// encoding and whose heads lie about the length.
func TestReadOtherArchive(t *testing.T) {
	var b bytes.Buffer
	for i, message := range []string{
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<p>一\r\n4\r\n</p>\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n<p>一</p>",
		"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<p>一</p>",
		"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\n<p>一</p>",
		"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>二</p>",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\nxx",
		"not http at all",
	} {
		r := warc.NewRecord(warc.TypeResponse, "http://a.example/"+string(rune('a'+i)), "application/http;msgtype=response", "", fixedNow(), []byte(message))
		if _, err := r.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
	}
	b.WriteString("broken")
	pages := 0
	var last error
	for page, err := range ReadArchive(&b) {
		if last = err; err != nil {
			break
		}
		pages++
		if doc, found, err := Extract(page, Story{Body: "p"}); !found || err != nil || doc.Text != "一" {
			t.Errorf("%s: %q, %v", page.URL, doc.Text, err)
		}
	}
	if pages != 4 || last == nil {
		t.Errorf("%d pages, want 4; error at the broken end: %v", pages, last)
	}
}

func FuzzReadArchive(f *testing.F) {
	r := warc.NewRecord(warc.TypeResponse, "http://a.example/", warc.ContentResponse, "", fixedNow(),
		[]byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"))
	var b bytes.Buffer
	r.WriteTo(&b)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, err := range ReadArchive(bytes.NewReader(data)) {
			if err != nil {
				return
			}
		}
	})
}

func TestDamagedState(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 5})
	for name, damage := range map[string]func(db, seg string) error{
		"db garbage":    func(db, _ string) error { return os.WriteFile(db, []byte("garbage"), 0o644) },
		"segment gone":  func(_, seg string) error { return os.Remove(seg) },
		"segment short": func(_, seg string) error { return os.Truncate(seg, 100) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if _, err := Run(context.Background(), optionsFor(site.URL, dir)); err != nil {
				t.Fatal(err)
			}
			if err := damage(storeFiles(filepath.Join(dir, "scratch"))); err != nil {
				t.Fatal(err)
			}
			if report, err := Run(context.Background(), optionsFor(site.URL, dir)); err != nil || report.Stories != 5 {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
	t.Run("segment overwritten", func(t *testing.T) {
		dir := t.TempDir()
		if _, err := Run(context.Background(), optionsFor(site.URL, dir)); err != nil {
			t.Fatal(err)
		}
		_, seg := storeFiles(filepath.Join(dir, "scratch"))
		data := readFile(t, seg)
		clear(data)
		if err := os.WriteFile(seg, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Run(context.Background(), optionsFor(site.URL, dir)); err == nil || !strings.Contains(err.Error(), "remove that folder") {
			t.Errorf("error %v; want one that says what to do", err)
		}
	})
	t.Run("in use", func(t *testing.T) {
		dir := t.TempDir()
		st, err := openStore(filepath.Join(dir, "scratch"), "")
		if err != nil {
			t.Fatal(err)
		}
		defer st.close()
		if _, err := Run(context.Background(), optionsFor(site.URL, dir)); err == nil || !strings.Contains(err.Error(), "another process") {
			t.Errorf("error %v", err)
		}
	})
}
