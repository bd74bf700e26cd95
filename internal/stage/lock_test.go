package stage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The golden lock and manifest hold fingerprints too: a change of these
// files means that every cache out there becomes stale.
func TestGolden(t *testing.T) {
	dir, in := t.TempDir(), inputFile(t, "a tale\n")
	w := fast(open(t, dir))
	s := chain(in, fakeParams{1, 2, 0.5}, fakeParams{}, fakeParams{128, 5, 0.025})
	s[2].Environment = map[string]string{"kernel": "portable"}
	s[2].Inputs = []Input{{Name: "built in <1>", SHA256: strings.Repeat("0a", 32)}}
	execute(t, w, s)
	data, err := os.ReadFile(filepath.Join(dir, LockFile))
	must(t, err)
	golden(t, "pipeline.lock", data)
	path, err := w.File("embed", "out")
	must(t, err)
	data, err = os.ReadFile(filepath.Join(filepath.Dir(path), manifestFile))
	must(t, err)
	golden(t, "manifest.json", data)
	if strings.Contains(string(data), dir) || strings.Contains(string(data), in) {
		t.Error("an absolute path stands in the manifest")
	}
}

func TestParseLock(t *testing.T) {
	hash := strings.Repeat("a", 64)
	stage := func(name, rest string) string {
		return `{"format":1,"stages":{"` + name + `":{"fingerprint":"` + hash + `"` + rest + `}}}`
	}
	for _, c := range []struct{ name, in, want string }{
		{"empty", ``, "found no lock"},
		{"not JSON", `<<<<<<< HEAD`, "found no lock"},
		{"list", `[]`, "found no lock"},
		{"no format", `{}`, "found format 0, expected 1 to 1"},
		{"stage name", stage("../x", ""), "the name cannot be a stage's"},
		{"fingerprint", `{"format":1,"stages":{"a":{"fingerprint":"../../x"}}}`, `found fingerprint "../../x"`},
		{"file outside", stage("a", `,"files":{"../x":{"size":1,"sha256":"`+hash+`"}}`), `file "../x"`},
		{"absolute file", stage("a", `,"files":{"/x":{"size":1,"sha256":"`+hash+`"}}`), `file "/x"`},
		{"negative size", stage("a", `,"files":{"x":{"size":-1,"sha256":"`+hash+`"}}`), `size -1`},
		{"hash", stage("a", `,"files":{"x":{"size":1,"sha256":"A"}}`), `hash "A"`},
		{"log outside", stage("a", `,"logs":["a/../../b"]`), `log "a/../../b"`},
		{"input", stage("a", `,"inputs":{"x":"y"}`), `input "x": found "y"`},
		{"need", stage("a", `,"needs":{"b":{"fingerprint":"x"}}`), `need "b": found fingerprint "x"`},
		{"need's file", stage("a", `,"needs":{"b":{"fingerprint":"`+hash+`","files":{"..":"`+hash+`"}}}`), `file ".."`},
		{"parameters", stage("a", `,"params":{"a":1e}`), "found no lock"},
	} {
		if _, err := ParseLock([]byte(c.in), "the.lock"); err == nil || !strings.Contains(err.Error(), "the.lock") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	l, err := ParseLock([]byte(stage("a", `,"params":{ "b": 1.0, "a": [] }`)), "the.lock")
	if err != nil || string(l.Stages["a"].Params) != `{"a":[],"b":1.0}` {
		t.Errorf("got %v (%v)", l, err)
	}
}

func TestNewerLock(t *testing.T) {
	dir := t.TempDir()
	text := []byte(`{"format":2,"stages":["something else"]}`)
	must(t, os.WriteFile(filepath.Join(dir, LockFile), text, 0o644))
	for _, o := range []OpenOptions{{}, {ReadOnly: true}} {
		_, err := Open(t.Context(), dir, o)
		var user *UserError
		if !errors.Is(err, ErrNewerFormat) || !errors.As(err, &user) || !strings.Contains(err.Error(), "format 2, this program knows up to 1; update it") {
			t.Errorf("error %v", err)
		}
	}
	if data, _ := os.ReadFile(filepath.Join(dir, LockFile)); string(data) != string(text) {
		t.Error("the newer lock was changed")
	}
}

func TestDamagedLockIsKept(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, LockFile), []byte("mine"), 0o644))
	w := open(t, dir)
	if w.LockDamage() == nil {
		t.Error("the damage is not told")
	}
	if _, _, err := w.GC(t.Context(), nil); err == nil {
		t.Error("with a damaged lock, what is needed is not known, and yet it was removed")
	}
	if err := w.ExportLock(filepath.Join(dir, "copy")); err == nil {
		t.Error("a damaged lock was exported")
	}
	execute(t, w, []Stage{fake("s", fakeParams{}, nil)})
	if data, err := os.ReadFile(filepath.Join(dir, LockFile+".damaged")); string(data) != "mine" {
		t.Errorf("the damaged lock is %q (%v)", data, err)
	}
	if w.LockDamage() != nil {
		t.Error("the lock is still said to be damaged")
	}
}

// What verify says of a lock names the lock, and repair moves it where a run does.
func TestDamagedLockIsRepaired(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	execute(t, w, []Stage{fake("s", fakeParams{}, nil)})
	must(t, w.Close())
	path := filepath.Join(dir, LockFile)
	sound, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, []byte("mine"), 0o644))
	w = open(t, dir)
	problems, err := w.Verify(t.Context(), nil)
	must(t, err)
	if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), path+": ") {
		t.Fatalf("found %v", problems)
	}
	must(t, w.Repair(problems))
	if data, err := os.ReadFile(path + ".damaged"); string(data) != "mine" {
		t.Errorf("the damaged lock is %q (%v)", data, err)
	}
	if problems, err = w.Verify(t.Context(), nil); err != nil || len(problems) > 0 {
		t.Errorf("after the repair: %v, %v", problems, err)
	}
	if ran, _ := execute(t, w, []Stage{fake("s", fakeParams{}, nil)}); ran != "" {
		t.Errorf("ran %s, though its result was sound", ran)
	}
	if data, err := os.ReadFile(path); string(data) != string(sound) {
		t.Errorf("the lock is %s (%v)", data, err)
	}
}

func TestCompareLocked(t *testing.T) {
	dir, in := t.TempDir(), inputFile(t, "tale")
	w := fast(open(t, dir))
	file := filepath.Join(t.TempDir(), "exported.lock")
	if err := w.ExportLock(file); !errors.Is(err, ErrNotRun) {
		t.Errorf("exporting nothing: %v", err)
	}
	p := fakeParams{Window: 5}
	execute(t, w, chain(in, p, p, p))
	must(t, w.ExportLock(file))
	must(t, w.CompareLocked(file))
	own, err := os.ReadFile(filepath.Join(dir, LockFile))
	must(t, err)
	if exported, err := os.ReadFile(file); string(exported) != string(own) {
		t.Errorf("exported %s (%v)", exported, err)
	}
	expected := w.Lock().Stages["embed"].Files["out"].SHA256

	next := chain(in, p, p, fakeParams{Window: 8})
	next[0].Version = 9 // the same bytes, so no difference
	next = append(next, fake("extra", p, nil))
	execute(t, w, next)
	found := w.Lock().Stages["embed"].Files["out"].SHA256
	err = w.CompareLocked(file)
	if !errors.Is(err, ErrDiffers) {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{file, "embed: out: expected sha256 " + expected + ", found " + found, "embed: since then: embed.window 5 -> 8"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	for _, not := range []string{"crawl:", "extra:", "constant"} {
		if strings.Contains(err.Error(), not) {
			t.Errorf("%q speaks of %q", err, not)
		}
	}
	must(t, w.CompareLocked(file, "crawl", "segment", "extra"))

	next[2].Skip = "no size"
	execute(t, w, next)
	if err := w.CompareLocked(file); !errors.Is(err, ErrDiffers) || !strings.Contains(err.Error(), "embed: no result") {
		t.Errorf("a stage without result: %v", err)
	}
	if err := w.CompareLocked(file + "x"); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), file+"x") {
		t.Errorf("no such lock: %v", err)
	}
}

func TestEnvironmentInComparison(t *testing.T) {
	w := fast(open(t, t.TempDir()))
	s := fake("s", fakeParams{Window: 1}, nil)
	s.Environment = map[string]string{"kernel": "avx512"}
	execute(t, w, []Stage{s})
	file := filepath.Join(t.TempDir(), "exported.lock")
	must(t, w.ExportLock(file))
	s = fake("s", fakeParams{Window: 2}, nil)
	s.Environment = map[string]string{"kernel": "avx2"}
	execute(t, w, []Stage{s})
	if err := w.CompareLocked(file); err == nil || !strings.Contains(err.Error(), "made with kernel avx512, now avx2") {
		t.Errorf("error %v", err)
	}
}

func FuzzLock(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("testdata", "golden", "pipeline.lock"))
	must(f, err)
	f.Add(data)
	f.Add([]byte(`{"format":1,"stages":{"a":{"fingerprint":"` + strings.Repeat("b", 64) + `","params":[[1.50]]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ParseLock(data, "lock")
		if err != nil {
			return
		}
		once, err := l.encode()
		must(t, err)
		again, err := ParseLock(once, "lock")
		must(t, err)
		twice, err := again.encode()
		must(t, err)
		if string(once) != string(twice) {
			t.Fatalf("%q gives\n%s\nand that\n%s", data, once, twice)
		}
		for name, r := range l.Stages {
			diffParams(name, r.Params, r.Params)
		}
	})
}

func FuzzManifest(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("testdata", "golden", "manifest.json"))
	must(f, err)
	f.Add(data)
	f.Add([]byte(`{"format":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(data)
		if err != nil {
			return
		}
		for path := range m.Files {
			if !isFilePath(path) {
				t.Fatalf("path %q", path)
			}
		}
	})
}
