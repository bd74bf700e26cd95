package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// TestRobotsIsWaitedFor has a robots.txt in trouble for longer than the attempts of
// one page.
func TestRobotsIsWaitedFor(t *testing.T) {
	var asked atomic.Int64
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" && asked.Add(1) < 6 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if r.URL.Path != "/robots.txt" && asked.Load() < 6 {
			t.Errorf("%s was asked for before robots.txt was there", r.URL)
		}
		fmt.Fprint(w, storyPage)
	})
	o := optionsFor(server.URL, t.TempDir())
	o.Limits.MaxWait = time.Millisecond
	if report, err := Run(context.Background(), o); err != nil || report.Stories != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestRobotsCacheIsBounded asks for the rules of more hosts than are held.
func TestRobotsCacheIsBounded(t *testing.T) {
	g := &robotsGate{keep: noRobots{}, next: roundTrip(func(r *http.Request) (*http.Response, error) {
		captureOf(r).answer = &answer{status: http.StatusNotFound}
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}, nil
	})}
	for i := range 3 * maxRobotsHosts {
		u := &url.URL{Scheme: "http", Host: fmt.Sprintf("h%d.example", i)}
		if e, err := g.entry(context.Background(), u); err != nil || e.err != nil {
			t.Fatal(err, e.err)
		}
	}
	if len(g.hosts) != maxRobotsHosts || len(g.order) != maxRobotsHosts {
		t.Errorf("%d hosts are held, at most %d", len(g.hosts), maxRobotsHosts)
	}
}

type noRobots struct{}

func (noRobots) robots(string) (robotsAnswer, bool, error)        { return robotsAnswer{}, false, nil }
func (noRobots) putRobots(string, robotsAnswer, []exchange) error { return nil }
