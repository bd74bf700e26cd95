package crawl

import "testing"

func TestReportText(t *testing.T) {
	r := Report{Sites: []SiteReport{{
		Name: "tales", Addresses: 9, Pages: 5, Stories: 4, Redirects: 1, Bytes: 1_250_000,
		Skipped:  map[string]int64{SkipRobots: 2, SkipDepth: 1},
		Failures: map[string][]Failure{FailTimeout: {{URL: "http://tales.example/a"}}, "http 404": {{}, {}}},
	}}}
	want := `tales: 4 stories on 5 pages; 9 addresses asked for, 1 redirects, 1.2 MB
  skipped, max_depth: 1
  skipped, robots.txt: 2
  failed, http 404: 2
  failed, timeout: 1
`
	if got := r.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
