package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"unicode"

	"wakong/corpus"
)

// both gives a label in both languages. The page's style hides one of them where
// the reader has chosen the other.
func both(zh, en string) template.HTML {
	return template.HTML(`<span class="zh" lang="zh-Hans">` + template.HTMLEscapeString(zh) +
		`</span> <span class="en" lang="en">` + template.HTMLEscapeString(en) + `</span>`)
}

// chinese has the Chinese of words that come from elsewhere in English.
var chinese = map[string]string{
	"crawl": "抓取", "segment": "分词", "embed": "词向量", "build": "组题", "train": "训练", "predict": "作答",
	"fresh": "最新", "stale": "过期", "missing": "没有", "kept": "有结果",
	"stages": "阶段", "corpus": "语料", "vectors": "词向量", "training": "训练", "answers": "作答",

	"how often the answer stands in the passage": "答案在文中出现的次数",
	"characters of the answer":                   "答案的字数",
	"part of speech of the answer":               "答案的词性",
	"words of the passage":                       "篇章的词数",
	"how often the answer stands in the corpus":  "答案在语料中出现的次数",
	"noun": "名词", "name of a person": "人名", "name of a place": "地名",
	"not in the dictionary": "词典没有", "other": "其他",

	"line_ends": "换行", "control_characters": "控制字符", "repair_mojibake": "修复乱码", "normal_form": "规范形式", "spaces": "空格",
	"half_width": "全角转半角", "simplify": "繁体转简体", "html": "网页标记", "advertisements": "广告", "punctuation": "标点",
}

// label gives a word from elsewhere in both languages, where it has two.
func label(en string) template.HTML {
	if zh := chinese[en]; zh != "" {
		return both(zh, strings.ReplaceAll(en, "_", " "))
	}
	return template.HTML(template.HTMLEscapeString(numbered(en)))
}

// accuracyBy heads a table.
func accuracyBy(en string) template.HTML {
	return both("准确率，按"+orElse(chinese[en], en), "Accuracy by "+en)
}

// numbered writes a range such as "8 and more", "to 150" or "1 to 9" as both
// languages do.
func numbered(en string) string {
	if n, ok := strings.CutSuffix(en, " and more"); ok {
		return "≥ " + n
	}
	if n, ok := strings.CutPrefix(en, "to "); ok {
		return "≤ " + n
	}
	return strings.Replace(en, " to ", "–", 1)
}

// drawn is a label within a picture, where HTML's elements may not stand.
func drawn(en string) template.HTML {
	text := string(label(en))
	return template.HTML(strings.NewReplacer("<span ", "<tspan ", "</span>", "</tspan>").Replace(text))
}

// size is a number of bytes to be read.
func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.2f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d B", n)
}

// took is a time to be read.
func took(seconds float64) string {
	switch {
	case seconds <= 0:
		return "–"
	case seconds < 10:
		return fmt.Sprintf("%.2g s", seconds)
	case seconds < 120:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 2*3600:
		return fmt.Sprintf("%.0f min", seconds/60)
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}

// grouped is a whole number with spaces between thousands.
func grouped(n any) string {
	s := fmt.Sprint(n)
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 && s[i-1] != '-' {
			b.WriteRune('\u202f') // narrow, not to be broken at
		}
		b.WriteRune(r)
	}
	return b.String()
}

// percent is a share from 0 to 1 with one digit.
func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// of is n out of total as a share, 0 of nothing.
func of(n, total int) float64 {
	if total == 0 {
		return 0
	}
	return float64(n) / float64(total)
}

// indented is JSON to be read.
func indented(value json.RawMessage) (string, error) {
	var out bytes.Buffer
	err := json.Indent(&out, value, "", "  ")
	return out.String(), err
}

// visible shows the characters of a text that nobody would see.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteRune('⏎')
		case r == '\u3000':
			b.WriteRune('□')
		case r != ' ' && !unicode.IsPrint(r):
			fmt.Fprintf(&b, "U+%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func sum(counts []int) (total int) {
	for _, n := range counts {
		total += n
	}
	return total
}

// shownCases bounds the list of leaks.
const shownCases = 20

func firstCases(all []corpus.LeakCase) []corpus.LeakCase { return all[:min(shownCases, len(all))] }
