package crawl

import (
	"context"
	"testing"

	"wakong/crawl/crawltest"
)

// BenchmarkRun crawls 1,000 stories of a loopback site, durably and into an
// archive; the server runs in the same process.
func BenchmarkRun(b *testing.B) {
	site := newSite(b, crawltest.Options{Stories: 1000, PerIndex: 50})
	var pages int64
	for b.Loop() {
		report, err := Run(context.Background(), optionsFor(site.URL, b.TempDir()))
		if err != nil {
			b.Fatal(err)
		}
		pages += report.Pages
	}
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
}
