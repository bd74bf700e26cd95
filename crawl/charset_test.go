package crawl

import (
	"fmt"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const (
	simplifiedTale  = "从前，有一只狐狸住在森林里。它对大家说：“我知道月亮为什么会变圆。”可是没有人相信它的话，于是它一个人走了。"
	traditionalTale = "從前，有一隻狐狸住在森林裡。牠對大家說：「我知道月亮為什麼會變圓。」可是沒有人相信牠的話，於是牠一個人走了。"
)

// TestCharsetMatrix reads one page in each charset with each kind of declaration,
// true or not.
func TestCharsetMatrix(t *testing.T) {
	for _, in := range []struct {
		name  string
		text  string
		codec encoding.Encoding
	}{
		{"gbk", simplifiedTale, simplifiedchinese.GBK},
		{"gb2312", simplifiedTale, simplifiedchinese.GBK},
		{"gb18030", simplifiedTale + "𠀀", simplifiedchinese.GB18030},
		{"big5", traditionalTale, traditionalchinese.Big5},
		{"utf-8", simplifiedTale, unicode.UTF8},
	} {
		type declaration struct{ header, head string }
		declarations := map[string]declaration{
			"header":          {"text/html; charset=" + in.name, ""},
			"quoted header":   {`text/html; charset="` + in.name + `"`, ""},
			"meta":            {"text/html", `<meta charset="` + in.name + `">`},
			"old meta":        {"text/html", `<meta http-equiv="Content-Type" content="text/html; charset=` + in.name + `">`},
			"content":         {"text/html", ""},
			"no type":         {"", ""},
			"unknown header":  {"text/html; charset=chinese", ""},
			"header and meta": {"text/html; charset=" + in.name, `<meta charset="utf-8">`},
		}
		for _, wrong := range []string{"utf-8", "iso-8859-1", "gbk", "big5", "shift_jis", "utf-16le"} {
			if wrong == in.name {
				continue
			}
			declarations["wrong header "+wrong] = declaration{"text/html; charset=" + wrong, ""}
			declarations["wrong meta "+wrong] = declaration{"text/html", `<meta charset="` + wrong + `">`}
			declarations["wrong header "+wrong+", right meta"] = declaration{"text/html; charset=" + wrong, `<meta charset="` + in.name + `">`}
		}
		for name, d := range declarations {
			t.Run(in.name+"/"+name, func(t *testing.T) {
				page := fmt.Sprintf("<html><head>%s<title>狐狸</title></head><body><p>%s</p></body></html>", d.head, in.text)
				body, err := in.codec.NewEncoder().String(page)
				if err != nil {
					t.Fatal(err)
				}
				if got, charset := decodeNamed([]byte(body), d.header); got != page {
					t.Errorf("read as %s: %q", charset, got)
				}
			})
		}
	}
}
