package browsertest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A Page is a tab. What goes wrong with it ends the test.
type Page struct {
	t       testing.TB
	b       *Browser
	session string
}

// Screen says on what a page is shown.
type Screen struct {
	Width, Height int
	Phone         bool // with touch, and a viewport of its own
	Dark          bool
}

// Open opens an address and waits until all of it is loaded.
func (b *Browser) Open(address string, s Screen) *Page {
	b.t.Helper()
	p := &Page{t: b.t, b: b}
	var target struct{ TargetID string }
	if err := b.within("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		b.t.Fatal(err)
	}
	var attached struct{ SessionID string }
	if err := b.within("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached); err != nil {
		b.t.Fatal(err)
	}
	p.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		p.do(domain+".enable", nil)
	}
	p.Show(s)
	p.do("Page.navigate", map[string]any{"url": address})
	p.Wait("document.readyState === 'complete'")
	return p
}

// Show changes the screen.
func (p *Page) Show(s Screen) {
	p.t.Helper()
	p.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": s.Width, "height": s.Height, "deviceScaleFactor": 1, "mobile": s.Phone})
	p.do("Emulation.setTouchEmulationEnabled", map[string]any{"enabled": s.Phone})
	scheme := "light"
	if s.Dark {
		scheme = "dark"
	}
	p.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}})
}

func (p *Page) do(method string, params any) {
	p.t.Helper()
	if err := p.b.within(p.session, method, params, nil); err != nil {
		p.t.Fatal(err)
	}
}

func (p *Page) evaluate(expression string, into any) error {
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	err := p.b.within(p.session, "Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &answer)
	if err != nil {
		return err
	}
	if e := answer.ExceptionDetails; e != nil {
		return fmt.Errorf("%s %s", e.Text, e.Exception.Description)
	}
	if into == nil || answer.Result.Value == nil {
		return nil
	}
	return json.Unmarshal(answer.Result.Value, into)
}

// Get evaluates JavaScript and puts its value into a variable.
func (p *Page) Get(expression string, into any) {
	p.t.Helper()
	if err := p.evaluate(expression, into); err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
}

// Text is the text of the first element that a selector finds.
func (p *Page) Text(selector string) (text string) {
	p.t.Helper()
	p.Get(fmt.Sprintf("document.querySelector(%q).textContent", selector), &text)
	return text
}

// Count is the number of elements that a selector finds.
func (p *Page) Count(selector string) (n int) {
	p.t.Helper()
	p.Get(fmt.Sprintf("document.querySelectorAll(%q).length", selector), &n)
	return n
}

// Wait waits until a JavaScript condition holds.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	held := false
	err := p.evaluate(fmt.Sprintf(`new Promise((done) => {
		const began = performance.now();
		const look = () => (%s) ? done(true) : performance.now() - began > %d ? done(false) : setTimeout(look, 10);
		look();
	})`, condition, Patience.Milliseconds()*9/10), &held)
	if err != nil || !held {
		var body string
		p.evaluate("document.body.innerText", &body)
		p.t.Fatalf("waiting for %s: %v; the page says\n%.2000s", condition, err, body)
	}
}

// Click clicks in the middle of the first element that a selector finds.
func (p *Page) Click(selector string) {
	p.t.Helper()
	var at struct{ X, Y float64 }
	p.Get(fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getClientRects()[0];
		return {x: r.x + r.width / 2, y: r.y + r.height / 2};
	})()`, selector), &at)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		p.do("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1})
	}
}

// Type types text where the keyboard points to.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.do("Input.insertText", map[string]any{"text": text})
}

// Press presses a key: Tab, Shift+Tab, Enter or Space.
func (p *Page) Press(key string) {
	p.t.Helper()
	modifiers := 0
	if rest, ok := strings.CutPrefix(key, "Shift+"); ok {
		key, modifiers = rest, 8
	}
	known := map[string]struct {
		code int
		text string
	}{"Tab": {9, ""}, "Enter": {13, "\r"}, "Space": {32, " "}}
	k, ok := known[key]
	if !ok {
		p.t.Fatalf("no key %q", key)
	}
	name := key
	if key == "Space" {
		name = " "
	}
	event := map[string]any{"type": "keyDown", "key": name, "code": key, "windowsVirtualKeyCode": k.code, "modifiers": modifiers}
	if k.text != "" {
		event["text"] = k.text
	}
	p.do("Input.dispatchKeyEvent", event)
	p.do("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": name, "code": key, "windowsVirtualKeyCode": k.code, "modifiers": modifiers})
}

// Screenshots is the environment variable that names a folder for pictures of
// what the tests see; without it there are none.
const Screenshots = "WAKONG_SCREENSHOTS"

// Screenshot keeps a picture of the whole page, for people to look at.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	folder := os.Getenv(Screenshots)
	if folder == "" {
		return
	}
	var picture struct{ Data string }
	if err := p.b.within(p.session, "Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &picture); err != nil {
		p.t.Fatal(err)
	}
	data, err := base64.StdEncoding.DecodeString(picture.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), data, 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// Overflow is by how many pixels the page is wider than the screen.
func (p *Page) Overflow() (n int) {
	p.t.Helper()
	p.Get("document.documentElement.scrollWidth - document.documentElement.clientWidth", &n)
	return n
}

// Problems lists what the browser complained of, and what the page asked for
// that does not begin with one of the allowed addresses.
func (p *Page) Problems(allowed ...string) (out []string) {
	p.t.Helper()
	for _, e := range p.b.c.taken(p.session) {
		var params struct {
			ExceptionDetails struct {
				Text      string
				Exception struct{ Description string }
			}
			Entry   struct{ Level, Text, URL string }
			Request struct{ URL string }
		}
		if json.Unmarshal(e.Params, &params) != nil {
			continue
		}
		switch e.Method {
		case "Runtime.exceptionThrown":
			out = append(out, params.ExceptionDetails.Text+" "+params.ExceptionDetails.Exception.Description)
		case "Log.entryAdded":
			if params.Entry.Level == "error" {
				out = append(out, params.Entry.Text+" "+params.Entry.URL)
			}
		case "Network.requestWillBeSent":
			ours := false
			for _, a := range append(allowed, "about:", "data:") {
				ours = ours || strings.HasPrefix(params.Request.URL, a)
			}
			if !ours {
				out = append(out, "asked for "+params.Request.URL)
			}
		}
	}
	return out
}
