package crawl

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// clutterName matches a word of a class or id that names what stands beside a
// text: as sites, blog programs and forums call it.
var clutterName = regexp.MustCompile(`^(?i:ads?|advert\w*|adsense|banner|sponsor\w*|comments?|cmts?|replys?|replies|reply|respond|share\w*|social|bdsharebuttonbox|` +
	`relat\w*|recommend\w*|recom|rec|guess|hots?|rank\w*|side|sidebar|secondary|aside|nav|navbar|navbox|navigation|menu|megamenu|crumbs?|breadcrumbs?|` +
	`foot|footer|ft|copyright|disclaimer|licen[cs]e\w*|vote|poll|pager?|pages|pagination|tags?|toc|popup|toolbar|topbar|signature|sign|sig|` +
	`catlinks|editsection|printfooter|qrcode|download|caption|summary)$`)

// nameParts cuts a class or id into its words: "related-posts", "adLeft".
var nameParts = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)

// removeClutter takes out what no page has in its main text.
func removeClutter(root *html.Node) {
	whole, _ := sentences(root)
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if isClutter(c) {
				// A name is no proof: what holds most of the sentences is the text.
				if held, _ := sentences(c); held*2 < whole || held == 0 {
					n.RemoveChild(c)
					c = next
					continue
				}
			}
			walk(c)
			c = next
		}
	}
	walk(root)
}

func isClutter(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return n.Type == html.CommentNode
	}
	switch n.DataAtom {
	case atom.Html, atom.Head, atom.Body, atom.Title, atom.Meta, atom.Article, atom.Main:
		return false
	case atom.Nav, atom.Aside, atom.Footer, atom.Form, atom.Figcaption:
		return true
	}
	if hidden(n) || unread[n.DataAtom] {
		return true
	}
	for _, name := range []string{"class", "id"} {
		for _, word := range strings.Fields(attribute(n, name)) {
			for _, part := range nameParts.FindAllString(word, 4) {
				if clutterName.MatchString(part) {
					return true
				}
			}
		}
	}
	return false
}

// replyWords are the buttons below a post or comment.
var replyWords = regexp.MustCompile(`^(回复|举报|引用|支持|只看该作者|只看楼主|顶|踩|赞|reply)(\(\d+\))?$`)

// keepFirstPost leaves of the posts of a thread the first one, which tells what
// the thread is about. Posts are siblings of one kind that each have a reply
// button.
func keepFirstPost(root *html.Node) {
	replies := map[*html.Node]bool{} // elements with a reply button in them
	var mark func(*html.Node) bool
	mark = func(n *html.Node) bool {
		found := n.DataAtom == atom.A && replyWords.MatchString(strings.TrimSpace(blockText(n, nil)))
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			found = mark(c) || found
		}
		if found {
			replies[n] = true
		}
		return found
	}
	mark(root)
	dropLaterPosts(root, replies)
}

func dropLaterPosts(n *html.Node, replies map[*html.Node]bool) {
	seen := map[string]bool{}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		// Posts differ in the number within their id.
		kind := c.Data + " " + attribute(c, "class") + " " + strings.Trim(attribute(c, "id"), "0123456789")
		switch {
		case !replies[c]:
		case mayBePost[c.DataAtom] && seen[kind]:
			n.RemoveChild(c)
		default:
			seen[kind] = true
			dropLaterPosts(c, replies)
		}
		c = next
	}
}

var mayBePost = map[atom.Atom]bool{
	atom.Div: true, atom.Li: true, atom.Table: true, atom.Tbody: true, atom.Section: true, atom.Article: true, atom.Dl: true,
}

// notice matches what a site says about a text, or about itself: labels and the
// notes that editors and lawyers add.
var notice = regexp.MustCompile(`^[（(【\[—\-\s·]*(?:` +
	`(?:责任编辑|责编|编辑|来源|作者|译者|发表于|发表时间|发布时间|发布日期|录入日期|录入|更新时间|更新|时间|日期|阅读次数|阅读|浏览|查看|点击|字数|字号|关键词|标签|分类|本文分类|所属分类|签名|导读|分享到?|分享至|当前位置|您的位置|相关阅读|相关推荐|相关文章|推荐阅读|热门推荐|上一[篇页章节回]|下一[篇页章节回]|作品相关|编者按)\s*[：:]|` +
	`免责声明|版权声明|版权所有|本文由.{0,12}(?:投稿|整理|发布|原创)|本文来自|本文转载自|转载请|未经.{0,12}(?:许可|授权)|本作品按|本站|网友评论|猜你喜欢|请收藏|手机用户请|最新网址|天才一秒|` +
	`分享让更多人|打开客户端|扫一扫|扫码|点击查看|全文完|全书完|本章完|未完待续|完[）)—\-\s]*$)`)

func isNotice(line string) bool {
	return notice.MatchString(line) && utf8.RuneCountInString(line) <= 200
}

// pageMarks matches a line of nothing but ways to other pages.
var pageMarks = regexp.MustCompile(`^(?:[\s\[\]|/·,，、>«»<←→\d]|上一[篇页章节]|下一[篇页章节]|返回目录|返回列表|章节目录|目录|加入书签|首页|末页|尾页|回复|举报|支持|反对|收藏|分享|打印|关注|点赞|大|中|小)*$`)

// isSentence tells whether a line ends as a sentence does.
func isSentence(line string) bool {
	line = strings.TrimRight(line, "”’」』）)\"' ")
	last, _ := utf8.DecodeLastRuneInString(line)
	return strings.ContainsRune("。！？…：；，!?.~～—", last) && line != ""
}

func mostlyLinked(l textLine) bool { return l.linked*2 > countRunes(l.text) }

func countRunes(s string) int { return utf8.RuneCountInString(s) }

// dateLine matches a short line that tells when, in the writing of most sites.
var dateLine = regexp.MustCompile(`(?:19|20)\d\d\s*[-年/.]\s*\d{1,2}`)

// storyLines leaves out the lines that are no part of the story: links, notices,
// and at the beginning the title, the author and the date once more.
func storyLines(lines []textLine, title, author string) []string {
	var out []string
	for _, l := range lines {
		switch {
		case mostlyLinked(l), isNotice(l.text), pageMarks.MatchString(l.text):
			continue
		case len(out) == 0 && isByline(l.text, title, author):
			continue
		}
		out = append(out, l.text)
	}
	return out
}

func isByline(line, title, author string) bool {
	if isSentence(line) && !dateLine.MatchString(line) {
		return false
	}
	return line == author || title != "" && (strings.Contains(title, line) || strings.Contains(line, title)) ||
		countRunes(line) <= 80 && dateLine.MatchString(line)
}
