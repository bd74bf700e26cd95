package stage

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func describe(list []Status) string {
	var out []string
	for _, s := range list {
		text := s.Stage + " " + string(s.State)
		if s.Reason != "" {
			text += ": " + s.Reason
		}
		if s.Notice != "" {
			text += " [" + s.Notice + "]"
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n")
}

func statusOf(t testing.TB, w *Workspace, stages []Stage) string {
	t.Helper()
	list, err := w.Status(t.Context(), stages)
	must(t, err)
	return describe(list)
}

func TestReasons(t *testing.T) {
	five := fakeParams{Size: 128, Window: 5, Alpha: 0.025}
	for _, c := range []struct {
		name   string
		change func(t *testing.T, dir, input string, s []Stage) []Stage
		want   string
		ran    string
	}{
		{"nothing", func(_ *testing.T, _, _ string, s []Stage) []Stage { return s },
			"crawl fresh\nsegment fresh\nembed fresh", ""},
		{"parameter of the last", func(_ *testing.T, _, _ string, s []Stage) []Stage {
			s[2].Params = fakeParams{128, 8, 0.05}
			return s
		}, "crawl fresh\nsegment fresh\nembed stale: embed.alpha 0.025 -> 0.05; embed.window 5 -> 8", "embed"},
		{"parameter of the first", func(_ *testing.T, _, in string, s []Stage) []Stage {
			return chain(in, fakeParams{128, 8, 0.025}, five, five)
		}, "crawl stale: crawl.window 5 -> 8\nsegment stale: crawl is stale\nembed stale: segment is stale", "crawl segment embed"},
		{"code version", func(_ *testing.T, _, _ string, s []Stage) []Stage {
			s[0].Version = 2
			return s
		}, "crawl stale: crawl code version 1 -> 2\nsegment stale: crawl is stale\nembed stale: segment is stale", "crawl"},
		{"input", func(t *testing.T, _, in string, s []Stage) []Stage {
			must(t, os.WriteFile(in, []byte("other"), 0o644))
			return s
		}, "crawl stale: input pages changed\nsegment stale: crawl is stale\nembed stale: segment is stale", "crawl segment embed"},
		{"input added and removed", func(_ *testing.T, _, in string, s []Stage) []Stage {
			s[2].Inputs = []Input{{Name: "extra", SHA256: strings.Repeat("a", 64)}}
			s[0].Inputs = nil
			return s
		}, "crawl stale: input pages removed\nsegment stale: crawl is stale\nembed stale: input extra added; segment is stale", "crawl embed"},
		{"input gone", func(t *testing.T, _, in string, s []Stage) []Stage {
			must(t, os.Remove(in))
			return s
		}, "crawl stale: input pages cannot be read\nsegment stale: crawl is stale\nembed stale: segment is stale", "error"},
		{"needs", func(_ *testing.T, _, _ string, s []Stage) []Stage {
			s[2].Needs = []Need{{Stage: "crawl", Files: []string{"out"}}}
			return s
		}, "crawl fresh\nsegment fresh\nembed stale: crawl is now used; segment is no longer used", "embed"},
		{"needed file", func(_ *testing.T, _, _ string, s []Stage) []Stage {
			s[1].Needs[0].Files = nil
			return s
		}, "crawl fresh\nsegment stale: crawl output changed\nembed stale: segment is stale", "segment embed"},
		{"folder gone", func(t *testing.T, dir, _ string, s []Stage) []Stage {
			must(t, os.RemoveAll(filepath.Join(dir, cacheDir, "segment")))
			return s
		}, "crawl fresh\nsegment missing: cache folder is gone\nembed stale: segment is missing", "segment"},
		{"skipped", func(_ *testing.T, _, _ string, s []Stage) []Stage {
			s[1].Skip = "segment.sources is not given"
			return s
		}, "crawl fresh", ""},
		{"optional need skipped", func(_ *testing.T, _, _ string, s []Stage) []Stage {
			s[0].Skip = "no sites"
			s[1].Needs[0].Optional = true
			return s
		}, "segment stale: crawl is no longer used\nembed stale: segment is stale", "segment embed"},
		{"environment", func(_ *testing.T, _, _ string, s []Stage) []Stage {
			s[0].Environment = map[string]string{"kernel": "avx2", "new": "x"}
			return s
		}, "crawl fresh [made with kernel avx512, now avx2]\nsegment fresh\nembed fresh", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, in := t.TempDir(), inputFile(t, "tale")
			w := fast(open(t, dir))
			first := chain(in, five, five, five)
			first[0].Environment = map[string]string{"kernel": "avx512"}
			execute(t, w, first)
			next := c.change(t, dir, in, chain(in, five, five, five))
			if got := statusOf(t, w, next); got != c.want {
				t.Errorf("status\n%s\nwant\n%s", got, c.want)
			}
			ran, err := w.Execute(t.Context(), next, ExecOptions{})
			if c.ran == "error" {
				var user *UserError
				if err == nil || !errors.As(err, &user) || len(ran) > 0 {
					t.Errorf("ran %v, error %v", ran, err)
				}
				return
			}
			must(t, err)
			if got := strings.Join(ran, " "); got != c.ran {
				t.Errorf("ran %q, want %q", got, c.ran)
			}
			for _, line := range strings.Split(statusOf(t, w, next), "\n") {
				if !strings.Contains(line, " fresh") {
					t.Errorf("afterwards: %s", line)
				}
			}
		})
	}
}

func TestOutputChanged(t *testing.T) {
	w := fast(open(t, t.TempDir()))
	in := inputFile(t, "tale")
	p := fakeParams{Window: 5}
	execute(t, w, chain(in, p, p, p))
	next := chain(in, fakeParams{Window: 6}, p, p)
	if _, err := w.Execute(t.Context(), next, ExecOptions{Target: "crawl"}); err != nil {
		t.Fatal(err)
	}
	want := "crawl fresh\nsegment stale: crawl output changed\nembed stale: segment is stale"
	if got := statusOf(t, w, next); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStatusBeforeAnything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	w, err := Open(t.Context(), dir, OpenOptions{ReadOnly: true})
	must(t, err)
	p := fakeParams{}
	got := statusOf(t, w, chain(inputFile(t, "tale"), p, p, p))
	if want := "crawl missing: never run\nsegment missing: never run\nembed missing: never run"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading has made the workspace (%v)", err)
	}
	if _, err := w.Execute(t.Context(), nil, ExecOptions{}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("running in a workspace opened for reading: %v", err)
	}
}

func TestStatusJSON(t *testing.T) {
	w := fast(open(t, t.TempDir()))
	p := fakeParams{}
	list, err := w.Status(t.Context(), chain(inputFile(t, "tale"), p, p, p)[2:][:0])
	must(t, err)
	if data, _ := json.Marshal(list); string(data) != "[]" {
		t.Errorf("no stages are %s", data)
	}
	data, err := json.Marshal(Status{"embed", Stale, "embed.window 5 -> 8", "ab", ""})
	must(t, err)
	if want := `{"stage":"embed","state":"stale","reason":"embed.window 5 -\u003e 8","fingerprint":"ab"}`; string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
}

func TestDryRun(t *testing.T) {
	dir, in := t.TempDir(), inputFile(t, "tale")
	w := fast(open(t, dir))
	p, q := fakeParams{Window: 5}, fakeParams{Window: 8}
	plan := func(s []Stage, target string) string {
		list, err := w.DryRun(t.Context(), s, target)
		must(t, err)
		var out []string
		for _, l := range list {
			out = append(out, strings.TrimSpace(l.Stage+" "+string(l.Action)+" "+l.Reason))
		}
		return strings.Join(out, "\n")
	}
	check := func(s []Stage, target, want string) {
		t.Helper()
		if got := plan(s, target); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	check(chain(in, p, p, p), "", "crawl run never run\nsegment run never run\nembed run never run")
	check(chain(in, p, p, p), "segment", "crawl run never run\nsegment run never run")
	execute(t, w, chain(in, p, p, p))
	check(chain(in, p, p, p), "", "crawl fresh\nsegment fresh\nembed fresh")
	check(chain(in, q, p, q), "", "crawl run crawl.window 5 -> 8\nsegment maybe crawl is stale\nembed run embed.window 5 -> 8; segment is stale")
	execute(t, w, chain(in, q, p, p))
	check(chain(in, p, p, p), "", "crawl cached crawl.window 8 -> 5 (in the cache)\nsegment cached crawl output changed (in the cache)\nembed cached segment output changed (in the cache)")
	s := chain(in, q, p, p)
	s[0].Skip = "no sites"
	check(s, "segment", "crawl skip no sites\nsegment skip crawl has no input (no sites)")
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{`{"a":1}`, `{"a":1,"b":"x"}`, `s.b added (x)`},
		{`{"a":1,"b":null}`, `{"a":2}`, `s.a 1 -> 2|s.b removed`},
		{`{"l":[{"path":"a"},{"path":"b"}]}`, `{"l":[{"path":"c"}]}`, `s.l[0].path a -> c|s.l[1] removed`},
		{`{"l":[]}`, `{"l":null}`, `s.l [] -> none`},
		{`{"l":[1]}`, `{"l":[1,[2]]}`, `s.l[1] added ([2])`},
		{`{"t":""}`, `{"t":"two words"}`, `s.t "" -> "two words"`},
		{`{"x":true}`, `{"x":{"y":1}}`, `s.x true -> {"y":1}`},
		{`null`, `{"x":1}`, `s none -> {"x":1}`},
		{`{"t":"` + strings.Repeat("长", 50) + `"}`, `{"t":1}`, `s.t ` + strings.Repeat("长", 37) + `... -> 1`},
		{`broken`, `{}`, `s parameters changed`},
	} {
		got := strings.Join(diffParams("s", json.RawMessage(c.before), json.RawMessage(c.after)), "|")
		if got != c.want {
			t.Errorf("%s to %s: got %s, want %s", c.before, c.after, got, c.want)
		}
	}
}

func TestManyReasonsAreCutShort(t *testing.T) {
	w := fast(open(t, t.TempDir()))
	params := func(n int) map[string]int {
		m := map[string]int{}
		for _, k := range strings.Fields("a b c d e f g h") {
			m[k] = n
		}
		return m
	}
	s := fake("s", fakeParams{}, nil)
	s.Params = params(1)
	execute(t, w, []Stage{s})
	s.Params = params(2)
	want := "s stale: s.a 1 -> 2; s.b 1 -> 2; s.c 1 -> 2; s.d 1 -> 2; s.e 1 -> 2; and 3 more"
	if got := statusOf(t, w, []Stage{s}); got != want {
		t.Errorf("got %s", got)
	}
}

func TestOrderMistakes(t *testing.T) {
	need := func(names ...string) []Need {
		var n []Need
		for _, name := range names {
			n = append(n, Need{Stage: name})
		}
		return n
	}
	for _, c := range []struct {
		name   string
		stages []Stage
		target string
		want   string
	}{
		{"twice", []Stage{{Name: "a"}, {Name: "a"}}, "", "two stages are named a"},
		{"unknown", []Stage{{Name: "a", Needs: need("b")}}, "", "a needs b, which is no stage"},
		{"itself", []Stage{{Name: "a", Needs: need("a")}}, "", "in a circle: a -> a"},
		{"circle", []Stage{{Name: "a", Needs: need("b")}, {Name: "b", Needs: need("c")}, {Name: "c", Needs: need("b")}}, "", "in a circle: a -> b -> c -> b"},
		{"name", []Stage{{Name: "../a"}}, "", "cannot be a stage's name"},
		{"empty name", []Stage{{}}, "", "cannot be a stage's name"},
		{"target", []Stage{{Name: "a"}}, "b", "there is no stage b"},
		{"need twice", []Stage{{Name: "a"}, {Name: "b", Needs: need("a", "a")}}, "", "names a twice"},
		{"path", []Stage{{Name: "a"}, {Name: "b", Needs: []Need{{Stage: "a", Files: []string{"../x"}}}}}, "", "no path of a file"},
		{"input twice", []Stage{{Name: "a", Inputs: []Input{{Name: "x", Path: "p"}, {Name: "x", Path: "q"}}}}, "", "two inputs named x"},
		{"input without content", []Stage{{Name: "a", Inputs: []Input{{Name: "x"}}}}, "", "either a path or a hash"},
		{"input with both", []Stage{{Name: "a", Inputs: []Input{{Name: "x", Path: "p", SHA256: "q"}}}}, "", "either a path or a hash"},
		{"input hash", []Stage{{Name: "a", Inputs: []Input{{Name: "x", SHA256: "q"}}}}, "", "is no SHA-256"},
		{"input name", []Stage{{Name: "a", Inputs: []Input{{Path: "q"}}}}, "", "without a name"},
	} {
		_, err := order(c.stages, c.target)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	ordered, err := order([]Stage{{Name: "c", Needs: need("b")}, {Name: "x"}, {Name: "b", Needs: need("a")}, {Name: "a"}}, "")
	must(t, err)
	var names []string
	for _, s := range ordered {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "a b c x" {
		t.Errorf("order %s", got)
	}
}

func TestUndeclaredNeed(t *testing.T) {
	w := fast(open(t, t.TempDir()))
	a := fake("a", fakeParams{}, nil)
	b := Stage{Name: "b", Needs: []Need{{Stage: "a", Files: []string{"out"}}}, Run: func(_ context.Context, r *Run) error {
		_, err := r.Need("a", "constant")
		if err == nil {
			t.Error("a file outside the needs can be reached")
		}
		_, err = r.Need("c", "out")
		return err
	}}
	_, err := w.Execute(t.Context(), []Stage{a, b}, ExecOptions{})
	if err == nil || !strings.Contains(err.Error(), "not among its needs") {
		t.Errorf("error %v", err)
	}
	b.Needs[0].Files = []string{"nothing"}
	_, err = w.Execute(t.Context(), []Stage{a, b}, ExecOptions{})
	if err == nil || !strings.Contains(err.Error(), "b needs the file nothing of a") {
		t.Errorf("error %v", err)
	}
}
