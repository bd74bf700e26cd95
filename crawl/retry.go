package crawl

import (
	"context"
	"hash/fnv"
	"net/http"
	"strconv"
	"time"
)

// retrier asks again when the trouble may pass. It stands above the host's gate,
// so that while it waits others may ask, and below the archive, which gets
// every complete exchange.
type retrier struct {
	next   http.RoundTripper
	limits Limits
}

func (r *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	c := captureOf(req)
	for attempt := 0; ; attempt++ {
		resp, err := r.next.RoundTrip(req)
		if attempt >= r.limits.Retries || req.Context().Err() != nil || !mayRetry(c.answer, err) {
			return resp, err
		}
		wait := r.backoff(req.URL.String(), attempt)
		if err == nil {
			asked := retryAfter(resp.Header.Get("Retry-After"), time.Now())
			if asked > r.limits.MaxWait {
				return resp, nil
			}
			wait = max(wait, asked)
		}
		if !sleep(req.Context(), wait) {
			return nil, req.Context().Err()
		}
	}
}

// backoff doubles with each attempt and is spread over the upper half, seeded by
// the address and the attempt, so that pages that failed together do not come back together.
func (r *retrier) backoff(address string, attempt int) time.Duration {
	wait := r.limits.RetryWait << min(attempt, 20)
	if wait <= 0 || wait > r.limits.MaxWait {
		wait = r.limits.MaxWait
	}
	h := fnv.New32a()
	h.Write([]byte(address))
	h.Write([]byte{byte(attempt)})
	half := wait / 2
	return half + time.Duration(float64(half)*float64(h.Sum32()%1024)/1024)
}

// retryAfter is the wait that a server asks for, in seconds or until a date; what
// is neither is a long one.
func retryAfter(value string, now time.Time) time.Duration {
	const long = 1 << 20 * time.Second
	if value == "" {
		return 0
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, min(date.Sub(now), long))
	}
	seconds, err := strconv.Atoi(value)
	if err != nil || seconds > 1<<20 {
		return long
	}
	return max(0, time.Duration(seconds)*time.Second)
}

// sleep waits, and tells whether it waited to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
