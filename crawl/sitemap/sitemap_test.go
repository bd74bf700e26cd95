package sitemap

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

func compress(t testing.TB, text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	list = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> http://a.example/1?x=1&amp;y=2 </loc><lastmod>2024-01-01</lastmod>
<image:image><image:loc>http://a.example/1.png</image:loc></image:image></url>
<!-- <url><loc>http://a.example/no</loc></url> -->
<url><loc><![CDATA[http://a.example/2]]></loc></url></urlset>`
	index = `<sitemapindex><sitemap><loc>http://a.example/m1.xml</loc></sitemap><sitemap><loc>http://a.example/m2.xml.gz</loc></sitemap></sitemapindex>`
)

func TestRead(t *testing.T) {
	for name, c := range map[string]struct{ text, pages, maps, err string }{
		"list":            {text: list, pages: "http://a.example/1?x=1&y=2 http://a.example/2"},
		"index":           {text: index, maps: "http://a.example/m1.xml http://a.example/m2.xml.gz"},
		"gzip":            {text: compress(t, list), pages: "http://a.example/1?x=1&y=2 http://a.example/2"},
		"byte order mark": {text: "\xef\xbb\xbf" + index, maps: "http://a.example/m1.xml http://a.example/m2.xml.gz"},
		"prefix":          {text: `<s:urlset><s:url><s:loc>http://a.example/1</s:loc></s:url></s:urlset>`, pages: "http://a.example/1"},
		"bare ampersand":  {text: `<urlset><url><loc>http://a.example/?a=1&b=2</loc></url></urlset>`, pages: "http://a.example/?a=1&b=2"},
		"gbk":             {text: "<?xml version='1.0' encoding='gbk'?><urlset><url><loc>http://a.example/\xb9\xca</loc></url></urlset>", pages: "http://a.example/故"},
		"lines":           {text: "\ufeffhttp://a.example/1\r\n\n https://a.example/2", pages: "http://a.example/1 https://a.example/2"},
		"cut off":         {text: list[:strings.Index(list, "<!--")] + "<url", pages: "http://a.example/1?x=1&y=2", err: "not a sitemap"},
		"page":            {text: "<!DOCTYPE html><html><body>404</body></html>", err: "found <html>, expected <urlset> or <sitemapindex>"},
		"text":            {text: "not found", err: `found "not found", expected`},
		"no element":      {text: "<!-- -->", err: "no element"},
		"empty":           {},
		"bad gzip":        {text: "\x1f\x8bxx", err: "not a sitemap"},
		"broken gzip":     {text: compress(t, list)[:60], err: "not a sitemap"},
		"long tag":        {text: "<urlset " + strings.Repeat(`a="b" `, MaxToken/6) + ">", err: "bytes without a tag"},
		"long line":       {text: "http://a.example/" + strings.Repeat("a", MaxToken), err: "bytes without a tag"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read(strings.NewReader(c.text))
			if pages, maps := strings.Join(s.Pages, " "), strings.Join(s.Sitemaps, " "); pages != c.pages || maps != c.maps {
				t.Errorf("pages %q, sitemaps %q", pages, maps)
			}
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
		})
	}
}

func TestReadIsBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range MaxAddresses + 1 {
		fmt.Fprintf(&b, "<url><loc>http://a.example/%d</loc></url>", i)
	}
	s, err := Read(strings.NewReader(b.String()))
	if len(s.Pages) != MaxAddresses || !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d addresses, %v", len(s.Pages), err)
	}
	// Small as sent, and without end when decompressed.
	bomb := compress(t, "<urlset><url><loc>http://a.example/1</loc></url>"+strings.Repeat("<!--"+strings.Repeat("x", MaxToken/2)+"-->", 2*MaxBytes/MaxToken))
	if s, err = Read(strings.NewReader(bomb)); len(s.Pages) != 1 || !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d addresses, %v", len(s.Pages), err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(list))
	f.Add([]byte(index))
	f.Add([]byte(compress(f, list)))
	f.Add([]byte("http://a.example/1\nhttp://a.example/2"))
	f.Add([]byte("<?xml version='1.0' encoding='gb18030'?><urlset><url><loc>\xb9\xca"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read(bytes.NewReader(data))
		if n := len(s.Pages) + len(s.Sitemaps); n > MaxAddresses || n > 0 && len(data) == 0 {
			t.Errorf("%d addresses, %v", n, err)
		}
		for _, a := range append(s.Pages, s.Sitemaps...) {
			if a == "" || a != strings.TrimSpace(a) {
				t.Errorf("address %q", a)
			}
		}
	})
}
