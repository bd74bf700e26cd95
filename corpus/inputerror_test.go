package corpus

import "testing"

func TestInputErrorText(t *testing.T) {
	for want, e := range map[string]InputError{
		"a.txt:3: found no blank, expected one": {File: "a.txt", Line: 3, Found: "no blank", Want: "one"},
		"a.txt: found no blank":                 {File: "a.txt", Found: "no blank"},
		"found no blank, expected one":          {Found: "no blank", Want: "one"},
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
