package report

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"wakong/internal/browsertest"
)

// TestInBrowser looks at the page on a desk and on a phone, light and dark.
func TestInBrowser(t *testing.T) {
	b := browsertest.Start(t)
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(written(t, testPage(t))), 0o644); err != nil {
		t.Fatal(err)
	}
	address := "file://" + path
	p := b.Open(address, browsertest.Screen{Width: 800, Height: 600})
	for _, screen := range []browsertest.Screen{
		{Width: 1280, Height: 900}, {Width: 1280, Height: 900, Dark: true},
		{Width: 360, Height: 740, Phone: true}, {Width: 360, Height: 740, Phone: true, Dark: true},
	} {
		p.Show(screen)
		if n := p.Overflow(); n > 0 {
			t.Errorf("%+v: the page is %d pixels wider than the screen", screen, n)
		}
		// A picture's colours are the page's.
		var colours struct{ Text, Chart, Ground string }
		p.Get(`(() => {
			const style = (e) => getComputedStyle(document.querySelector(e));
			return {text: style("body").color, chart: style("svg.chart text").fill, ground: style("body").backgroundColor};
		})()`, &colours)
		if colours.Text != colours.Chart || colours.Text == colours.Ground {
			t.Errorf("%+v: colours %+v", screen, colours)
		}
		p.Screenshot(fmt.Sprintf("report-test-%d-dark-%v", screen.Width, screen.Dark))
		if problems := p.Problems(address); len(problems) > 0 {
			t.Errorf("%+v: %q", screen, problems)
		}
		if got := p.Text("title"); got != "挖空 wakong: 报告 report" {
			t.Errorf("title %q", got)
		}
	}
	shown := func(class string) (n int) {
		p.Get(fmt.Sprintf("[...document.querySelectorAll('main .%s')].filter((e) => e.getClientRects().length > 0).length", class), &n)
		return n
	}
	if shown("zh") == 0 || shown("en") == 0 {
		t.Error("not both languages at first")
	}
	p.Click("label[for=zh]")
	if shown("zh") == 0 || shown("en") != 0 {
		t.Error("not Chinese alone")
	}
	p.Click("label[for=en]")
	if shown("zh") != 0 || shown("en") == 0 {
		t.Error("not English alone")
	}
}
