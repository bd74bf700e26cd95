package spelling

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"狐狸", "", 2}, {"狐狸", "狐理", 1}, {"ab", "ba", 1}, {"window", "windows", 1}, {"abc", "xyz", 3}} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d edits, expected %d", c.a, c.b, got, c.want)
		}
	}
	if got := Nearest("sise", []string{"seed", "size", "site"}); got != "size" {
		t.Errorf("nearest is %q", got)
	}
}
