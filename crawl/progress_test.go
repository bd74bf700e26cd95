package crawl

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"wakong/crawl/crawltest"
)

func TestSlowest(t *testing.T) {
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	g := &hostGates{rule: func(*url.URL) (manners, error) { return manners{concurrency: 2}, nil }}
	host := func(name string, busy bool, answer, rest time.Duration) {
		h, err := g.gate(&url.URL{Scheme: "http", Host: name})
		if err != nil {
			t.Fatal(err)
		}
		if h.average, h.resting = answer, now.Add(rest); busy {
			if err := h.slots.take(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name         string
		busy         bool
		answer, rest time.Duration
		want         string
	}{
		{"idle.example", false, time.Hour, time.Hour, ""},
		{"b.example", true, time.Second, -time.Second, "b.example"},
		{"c.example", true, time.Second, 0, "b.example"},
		{"a.example", true, 2 * time.Second, 0, "a.example"},
		{"resting.example", true, 0, 3 * time.Second, "resting.example"},
	} {
		host(c.name, c.busy, c.answer, c.rest)
		if got := g.slowest(now); got.Host != c.want {
			t.Errorf("after %s: %+v, want %s", c.name, got, c.want)
		}
	}
	if s := g.slowest(now); s.Rest != 3*time.Second {
		t.Errorf("%+v", s)
	}
}

// While nothing comes in, the progress says which host is waited for.
func TestProgressWhileWaiting(t *testing.T) {
	told := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.URL.Path == "/slow" {
			<-told
		}
		w.Write([]byte(`<a href="/slow">x</a><h1>一</h1><div class="story">从前有一只狐狸。</div>`))
	}))
	defer server.Close()
	o := optionsFor(server.URL, t.TempDir())
	waited := false
	o.Progress = func(p Progress) {
		if p.Done == 1 && p.Queued() == 1 && p.Pages == 1 && p.Slowest.Host == "tales.example" && !waited {
			waited = true
			close(told)
		}
	}
	if report, err := Run(context.Background(), o); err != nil || report.Pages != 2 {
		t.Errorf("%d pages, %v", report.Pages, err)
	}
}

// A crawl that goes on counts what it had fetched before.
func TestProgressGoesOn(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 5, Trouble: true, HugeBytes: 11 << 20})
	o := optionsFor(site.URL, t.TempDir())
	o.Limits.Time = 300 * time.Millisecond
	var first, second Progress
	o.Progress = func(p Progress) { first = p }
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Progress = func(p Progress) { second = p }
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	first.Slowest, second.Slowest = Slow{}, Slow{}
	if first != second || first.Failed == 0 || first.Failed > report.Failed() || first.Bytes != report.Bytes || first.Queued() != 0 {
		t.Errorf("told %+v and %+v, report %d failed, %d bytes", first, second, report.Failed(), report.Bytes)
	}
	if text := report.Text(); !strings.Contains(text, "failed, http 404: 1\n") {
		t.Errorf("%s", text)
	}
}
