package corpus

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// mostAdvertisement is the length in characters beyond which a line is taken
// for text, whatever it holds.
const mostAdvertisement = 100

// An advertisement is a pattern of lines that pages put around a text. The
// keyword is part of whatever the pattern matches and quickly found.
type advertisement struct {
	keyword string
	pattern *regexp.Regexp
}

// AdvertisementPatterns are the regular expressions of the standard list. They
// are tried on each line of at most 100 characters without the white space
// around it.
func AdvertisementPatterns() []string {
	var out []string
	for _, a := range standardList {
		out = append(out, a.pattern.String())
	}
	return out
}

var standardList = func() []advertisement {
	var out []advertisement
	for _, a := range [][2]string{
		// Where the text comes from.
		{"本文", `本文(由|来自|来源|转载|转自|选自|摘自|出自|链接|地址|网址)`},
		{"转载", `转载请(注明|保留|联系)|(谢绝|禁止|严禁|不得|欢迎)(任何形式的?)?转载`},
		{"注明", `请注明(出处|来源)`},
		{"未经", `未经.{0,12}(授权|许可|允许|同意).{0,8}(不得|禁止|严禁|谢绝|请勿|转载|复制)`},
		{"版权", `^.{0,12}版权(所有|声明)|^.{0,6}版权归.{1,20}所有`},
		{"ights", `(?i)all rights reserved`},
		{"来源", `^[（(【\[]?(文章|图片|稿件|资料|内容)?来源\s*[:：]`},
		{"编辑", `^[（(【\[]?(责任|责|本文|网络)编辑?\s*[:：]`},
		// The way through a site.
		{"上一", `^[【\[（(<«‹\s]*上一[篇章页节则回]\s*([:：>»›】\])）|]|$|下一)`},
		{"下一", `^[【\[（(<«‹\s]*下一[篇章页节则回]\s*([:：>»›】\])）|]|$|上一)`},
		{"返回", `^[【\[（(<«‹\s]*返回(首页|目录|列表|顶部|上一[页级]|书页|书目)`},
		{"阅读", `^[【\[（(]?(相关|推荐|延伸|扩展|猜你喜欢|更多)(精彩)?阅读|^点击?阅读全文|^阅读(全文|原文)$`},
		{"推荐", `^[【\[（(]?(相关|热门|精彩|编辑|猜你喜欢|为您|今日)推荐\s*([:：】\])）]|$)|求推荐票|投推荐票`},
		{"文章", `^[【\[（(]?(相关|热门|最新|更多|推荐)文章\s*([:：】\])）]|$)`},
		{"分享", `^分享(到|至|给|按钮)`},
		{"收藏", `(加入|添加)收藏|收藏(本站|本书|本页|此页)`},
		{"书签", `(加入|添加|放入)书签`},
		{"章节", `(最新|全部)章节.{0,10}(阅读|目录|更新|下载)`},
		// What one should do.
		{"点击", `点击(这里|此处|下载|查看|进入|收听|播放|领取|关注|图片|链接|上方|下方|观看)`},
		{"下载", `(免费|立即|马上|高速)下载|下载.{0,6}(客户端|[Aa][Pp][Pp]|地址|链接)|[Tt][Xx][Tt].{0,6}下载`},
		{"关注", `关注.{0,12}(公众号|微信|微博|我们|订阅号)`},
		{"公众号", `(微信|订阅|搜索|扫码|添加).{0,8}公众号|公众号\s*[:：]`},
		{"二维码", `(扫描|扫一扫|识别|长按|扫).{0,8}二维码`},
		{"扫码", `扫码(关注|下载|添加|阅读|进群)`},
		{"微信号", `微信号\s*[:：]`},
		{"本站", `(欢迎|光临|访问).{0,6}本站|本站.{0,12}(提供|收集|网址|域名|所有|整理)`},
		{"搜索", `(百度|手机|微信)搜索.{1,30}(阅读|首发|最新|全文)`},
		{"广告", `^[【\[（(]?广告[位语]?[】\])）]?$|(投放|商务|刊登)广告|广告(合作|投放)`},
		{"://", `^(网址\s*[:：])?\s*https?://\S+$`},
		{"www.", `^(网址\s*[:：])?\s*www\.\S+$|(访问|登录).{0,6}www\.`},
	} {
		out = append(out, advertisement{a[0], regexp.MustCompile(a[1])})
	}
	return out
}()

// Advertisements drops the lines that pages put around a text: where it comes
// from (本文来自), the way to the next one (上一篇), what one should do
// (点击下载, 关注公众号). A line is dropped where it has at most 100 characters
// and matches one of AdvertisementPatterns or of the further patterns, regular
// expressions (https://go.dev/s/re2syntax) that need not match all of it. A
// pattern that is none is an error. Each further pattern is tried on every line
// and so costs time.
func Advertisements(patterns ...string) (Step, error) {
	list := standardList
	for i, p := range patterns {
		if p == "" {
			return Step{}, fmt.Errorf("advertisement pattern %d is empty and would match every line", i+1)
		}
		r, err := regexp.Compile(p)
		if err != nil {
			return Step{}, fmt.Errorf("advertisement pattern %d, %q: %w", i+1, p, err)
		}
		keyword, _ := r.LiteralPrefix()
		list = append(list[:len(list):len(list)], advertisement{keyword, r})
	}
	return advertisementStep(list), nil
}

func standardAdvertisements() Step { return advertisementStep(standardList) }

func advertisementStep(list []advertisement) Step {
	return Step{Name: nameAdvertisements, Documents: true, Changes: func(text string, change func(int, int, string)) {
		var present []advertisement // those whose keyword is anywhere in the text
		for _, a := range list {
			if strings.Contains(text, a.keyword) {
				present = append(present, a)
			}
		}
		if len(present) == 0 {
			return
		}
		at := 0
		for line := range strings.Lines(text) {
			if isAdvertisement(strings.TrimSpace(line), present) {
				change(at, at+len(line), "")
			}
			at += len(line)
		}
	}}
}

const nameAdvertisements = "advertisements"

func isAdvertisement(line string, list []advertisement) bool {
	if line == "" || len(line) > utf8.UTFMax*mostAdvertisement || utf8.RuneCountInString(line) > mostAdvertisement {
		return false
	}
	for _, a := range list {
		if strings.Contains(line, a.keyword) && a.pattern.MatchString(line) {
			return true
		}
	}
	return false
}
