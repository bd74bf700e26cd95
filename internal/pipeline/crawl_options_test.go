package pipeline

import (
	"strings"
	"testing"
)

func TestExpandHeaders(t *testing.T) {
	t.Setenv("TALES_COOKIE", "a=$b; c=${d}")
	got, err := expandHeaders([]string{"Cookie: ${TALES_COOKIE}", "X-Price: $5"})
	if err != nil || got[0] != "Cookie: a=$b; c=${d}" || got[1] != "X-Price: $5" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := expandHeaders([]string{"A: b", "Cookie: ${NO_SUCH_COOKIE}"}); err == nil || !strings.Contains(err.Error(), `headers[1]: the environment variable "NO_SUCH_COOKIE" is not set`) {
		t.Errorf("%v", err)
	}
}
