package serve

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"wakong/internal/browsertest"
)

// TestPageAlone: nothing comes from elsewhere, and nothing runs inline.
func TestPageAlone(t *testing.T) {
	_, h := testServer(t, &counting{}, Options{})
	foreign := regexp.MustCompile(`https?://|//[a-z]+\.|@import|innerHTML|outerHTML|insertAdjacentHTML|document\.write| on[a-z]+="| style="`)
	for _, path := range []string{"/", "/style.css", "/script.js", "/words.js", "/icon.svg"} {
		response, err := http.Get(h.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 200 || response.Header.Get("Content-Security-Policy") != contentPolicy {
			t.Errorf("%s: %s %v", path, response.Status, response.Header)
		}
		file := "page/" + strings.TrimPrefix(path, "/")
		if path == "/" {
			file += "index.html"
		}
		b, err := pageFiles.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b = bytes.ReplaceAll(b, []byte(`xmlns="http://www.w3.org/2000/svg"`), nil)
		if found := foreign.Find(b); found != nil {
			t.Errorf("%s holds %q", file, found)
		}
	}
}

// desk is a screen to test on.
var desk = browsertest.Screen{Width: 1000, Height: 800}

// answered waits until an answer is shown.
const answered = `document.querySelectorAll("#answers li").length > 0 && document.querySelector("#passage .blank") !== null`

// check looks for what no page may have.
func check(t *testing.T, p *browsertest.Page, address string) {
	t.Helper()
	if n := p.Overflow(); n > 0 {
		t.Errorf("the page is %d pixels wider than the screen", n)
	}
	if problems := p.Problems(address); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
	if title := p.Text("title"); title != "挖空 wakong" {
		t.Errorf("the title is %q", title)
	}
	if n := p.Count("img, b, i, script:not([src])"); n > 0 {
		t.Errorf("%d elements that the page does not have of itself", n)
	}
}

// TestInBrowser does what people do, in Chromium.
func TestInBrowser(t *testing.T) {
	b := browsertest.Start(t)
	_, h := testServer(t, &counting{}, Options{MaxWords: 30})
	address := h.URL + "/"

	t.Run("pick and click", func(t *testing.T) {
		p := b.Open(address, desk)
		p.Click("#tales button")
		p.Wait(`document.querySelectorAll("#passage button").length > 50`)
		if n := p.Count("#passage .blank"); n != 0 {
			t.Errorf("%d blanks before a word was clicked", n)
		}
		word := p.Text("#passage [data-place='3']")
		p.Click("#passage [data-place='3']")
		p.Wait(answered)
		// The text is longer than what is looked at.
		if status := p.Text("#status"); !strings.Contains(status, "were left out") || !strings.Contains(status, "“"+word+"”") {
			t.Errorf("status %q, clicked %s", status, word)
		}
		if n := p.Count("#passage button"); n != 30 {
			t.Errorf("%d words are shown", n)
		}
		// Another word: the first one stands there again.
		p.Click("#passage [data-place='5']")
		p.Wait(`[...document.querySelectorAll("#passage button, #passage .blank")].findIndex((e) => e.className === "blank") === 6`)
		if got := p.Text("#passage [data-place='3']"); got != word {
			t.Errorf("in place of the first blank stands %q, not %q", got, word)
		}
		check(t, p, address)
	})

	t.Run("type", func(t *testing.T) {
		p := b.Open(address, desk)
		p.Click("#text")
		p.Type("狐狸提灯，XXXXX走过桥。")
		p.Click("#form button")
		p.Wait(answered)
		var shares []float64
		p.Get(`[...document.querySelectorAll("#passage button")].map((e) => +e.style.getPropertyValue("--share"))`, &shares)
		if len(shares) != 9 || shares[0] != 0.75 || shares[1] != 0 {
			t.Errorf("shading %v", shares)
		}
		for selector, want := range map[string]string{"#answers .word": "狐", "#answers .number": "100.0 %", "#passage .left.chosen": "狐", "#passage .blank": "狐"} {
			if got := p.Text(selector); got != want {
				t.Errorf("%s is %q, want %q", selector, got, want)
			}
		}
		p.Click("#language")
		if got := p.Text("h2"); got != "答案" {
			t.Errorf("in Chinese the answers are called %q", got)
		}
		check(t, p, address)
		// An error about another text stands alone.
		p.Get(`document.getElementById("text").value = "XXXXX"; null`, nil)
		p.Click("#form button")
		p.Wait(`document.getElementById("status").className === "error"`)
		if hidden := p.Count("#result[hidden]"); hidden != 1 {
			t.Error("the answers to another text are still shown")
		}
	})

	t.Run("lines", func(t *testing.T) {
		p := b.Open(address, browsertest.Screen{Width: 360, Height: 740, Phone: true})
		p.Get(`document.getElementById("text").value = "狐说：“（走）。”「桥」……".repeat(40) + "a".repeat(300) + "。The cat"; null`, nil)
		p.Click("#form button")
		p.Wait(`document.querySelectorAll("#passage button").length > 400`)
		// No line begins with a closing mark or ends with an opening one.
		var wrong, lines int
		p.Get(`(() => {
			const boxes = [...document.querySelectorAll("#passage button")], top = (e) => e.getBoundingClientRect().top;
			return boxes.filter((e, i) => i > 0 && top(e) > top(boxes[i - 1]) && (/^[。：”）」…]/.test(e.textContent) || /[“（「]$/.test(boxes[i - 1].textContent))).length;
		})()`, &wrong)
		p.Get(`new Set([...document.querySelectorAll("#passage button")].map((e) => e.getBoundingClientRect().top)).size`, &lines)
		if wrong > 0 || lines < 20 {
			t.Errorf("%d of %d lines break at a mark where they must not", wrong, lines)
		}
		if passage := p.Text("#passage"); !strings.HasSuffix(passage, "。T h e c a t") { // each letter is a word here
			t.Errorf("the passage is %q", passage)
		}
		check(t, p, address)
	})

	t.Run("server gone", func(t *testing.T) {
		_, ended := testServer(t, &counting{}, Options{})
		p := b.Open(ended.URL+"/", desk)
		ended.Close()
		p.Click("#tales button")
		p.Wait(`document.getElementById("status").textContent.includes("is it still running?")`)
		p.Click("#language")
		if got := p.Text("#status"); got != "出错了：服务器没有回应；它还在运行吗？" {
			t.Errorf("in Chinese the error is %q", got)
		}
	})

	t.Run("markup", func(t *testing.T) {
		text := `狐狸<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>提灯，XXXXX走过<b>桥</b>。`
		p := b.Open(address+"#"+strings.ReplaceAll(url.Values{"passage": {text}}.Encode(), "+", "%20"), desk)
		p.Wait(answered)
		if passage := p.Text("#passage"); !strings.Contains(passage, "<") {
			t.Errorf("the passage is %q", passage)
		}
		check(t, p, address)
	})

	t.Run("mistakes", func(t *testing.T) {
		p := b.Open(address, desk)
		for _, c := range []struct{ set, want string }{
			{`" "`, "type a text first"},
			{`"XXXXX狐XXXXX"`, "only one XXXXX"},
			{`"XXXXX"`, "nothing but the blank"},
			{`"狐".repeat(400000) + "XXXXX"`, "300,000 characters"},
		} {
			p.Get(`document.getElementById("text").value = `+c.set+`; null`, nil)
			p.Click("#form button")
			p.Wait(`document.getElementById("status").textContent.includes("` + c.want + `")`)
		}
		// A long text without a blank: its beginning is shown.
		p.Get(`document.getElementById("text").value = "狐狸提灯".repeat(2500); null`, nil)
		p.Click("#form button")
		p.Wait(`document.getElementById("status").textContent.includes("8000 words follow")`)
		if n := p.Count("#passage button"); n != 2000 {
			t.Errorf("%d words are shown", n)
		}
		if n := p.Overflow(); n > 0 {
			t.Errorf("%d pixels too wide", n)
		}
	})

	t.Run("keyboard", func(t *testing.T) {
		p := b.Open(address, desk)
		p.Get(`document.body.focus()`, nil)
		reach := func(condition string) {
			t.Helper()
			for range 40 {
				p.Press("Tab")
				there := false
				if p.Get(`(() => { const e = document.activeElement; return `+condition+`; })()`, &there); there {
					break
				}
			}
			ring := ""
			p.Get(`getComputedStyle(document.activeElement).outlineStyle`, &ring)
			if ring != "solid" {
				t.Errorf("%s has no ring around it: %s", condition, ring)
			}
		}
		reach(`e.closest("#tales") !== null`)
		p.Press("Enter")
		p.Wait(`document.querySelectorAll("#passage button").length > 50`)
		reach(`e.closest("#passage") !== null`)
		p.Press("Space")
		p.Wait(answered)
		if focus := p.Count("#passage :focus"); focus != 1 {
			t.Error("the keyboard has lost its place in the passage")
		}
		check(t, p, address)
	})

	t.Run("phone", func(t *testing.T) {
		for _, dark := range []bool{false, true} {
			p := b.Open(address, browsertest.Screen{Width: 360, Height: 740, Phone: true, Dark: dark})
			p.Click("#tales button:nth-child(3)")
			p.Wait(`document.querySelectorAll("#passage button").length > 50`)
			p.Click("#passage [data-place='4']")
			p.Wait(answered)
			var small int
			p.Get(`[...document.querySelectorAll("#tales button, #form button, #language")].filter((e) => e.getBoundingClientRect().height < 44).length`, &small)
			if small > 0 {
				t.Errorf("%d buttons are lower than a finger", small)
			}
			p.Screenshot(fmt.Sprintf("serve-phone-dark-%v", dark))
			check(t, p, address)
		}
	})
}
