package serve

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what GET /metrics tells.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	batches  prometheus.Histogram
}

func newMetrics(depth func() float64) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wakong_requests_total", Help: "Requests by path and status.",
		}, []string{"path", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wakong_request_seconds", Help: "Time from a request to its answer.", Buckets: prometheus.DefBuckets,
		}, []string{"path"}),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "wakong_batch_passages", Help: "Passages that were answered together.", Buckets: prometheus.ExponentialBuckets(1, 2, 7),
		}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.batches, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "wakong_waiting_passages", Help: "Passages that wait for the network.",
	}, depth))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) observeBatch(n int) { m.batches.Observe(float64(n)) }

// observeRequest counts by the server's own pattern, never by what was asked
// for: each new label costs memory.
func (m *metrics) observeRequest(pattern, code string, took time.Duration) {
	if pattern == "" {
		pattern = "other"
	}
	m.requests.WithLabelValues(pattern, code).Inc()
	m.seconds.WithLabelValues(pattern).Observe(took.Seconds())
}
