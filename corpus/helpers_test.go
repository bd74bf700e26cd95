package corpus

import "testing"

// testJieba loads jieba once for all tests, from dictionaries in the user's
// cache folder as any program does.
func testJieba(t testing.TB) *Jieba {
	t.Helper()
	j, err := NewJieba(JiebaOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return j
}
