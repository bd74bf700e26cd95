package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const corpusConfig = `
segment: {sources: [{format: text, path: stories/, license: MIT, origin: "this project | its tales"}]}
embed: {size: 8, epochs: 1, min_count: 1, kernel: portable}
`

func TestSnapshot(t *testing.T) {
	dir, flags := project(t, corpusConfig)
	expect(t, exitDone, "ran segment, embed", append([]string{"run"}, flags...)...)
	file := filepath.Join(dir, "all.tar.zst")
	create := func(name string, more ...string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		expect(t, exitDone, "wrote "+path, append(append([]string{"snapshot", "create", path}, more...), flags...)...)
		return read(t, path)
	}
	bytes := create("all.tar.zst")
	if create("again.tar.zst") != bytes {
		t.Error("other bytes the second time")
	}
	if len(create("segment.tar.zst", "--stage", "segment")) >= len(bytes) {
		t.Error("one stage takes as much as both")
	}
	expect(t, exitDone, "segment, embed", "snapshot", "verify", file)

	fresh := filepath.Join(dir, "fresh")
	expect(t, exitDone, "restored "+fresh, "snapshot", "restore", file, "-w", fresh)
	for _, list := range []string{dir, fresh} {
		entries, err := os.ReadDir(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.Contains(e.Name(), "restoring") || strings.Contains(e.Name(), "holder") {
				t.Errorf("%s was left in %s", e.Name(), list)
			}
		}
	}
	there := append([]string{"-c", filepath.Join(dir, "my.yaml"), "-w", fresh}, "--quiet")
	if r := expect(t, exitDone, "", append([]string{"status"}, there...)...); r.out != "segment  fresh\nembed    fresh\n" {
		t.Errorf("after restoring:\n%s", r.out)
	}
	expect(t, exitDone, "as they were written", "verify", "-w", fresh)
	if got, want := results(t, fresh), results(t, filepath.Join(dir, "work")); len(got) != len(want) || got["pipeline.lock"] != want["pipeline.lock"] {
		t.Errorf("%d files, expected %d", len(got), len(want))
	}
	// Made from the restored workspace, the snapshot is the same.
	expect(t, exitDone, "wrote", append([]string{"snapshot", "create", filepath.Join(dir, "third.tar.zst")}, there[:4]...)...)
	if read(t, filepath.Join(dir, "third.tar.zst")) != bytes {
		t.Error("other bytes from the restored workspace")
	}
	card := read(t, filepath.Join(fresh, "card.md"))
	for _, want := range []string{`| text stories/ | text | this project \| its tales | MIT |`, "documents 12", `"window": 5`, "vectors.bin", "pipeline snapshot restore"} {
		if !strings.Contains(card, want) {
			t.Errorf("the card lacks %q:\n%s", want, card)
		}
	}
	if strings.Contains(card, dir) {
		t.Error("the card holds a path of this machine")
	}

	// A licence changes the card and no result.
	write(t, filepath.Join(dir, "my.yaml"), strings.Replace(corpusConfig, "MIT", "CC BY 4.0", 1))
	if r := expect(t, exitDone, "", append([]string{"status"}, there...)...); strings.Contains(r.out, "stale") {
		t.Errorf("a licence makes results stale:\n%s", r.out)
	}

	expect(t, exitFailed, fresh+" is not empty", "snapshot", "restore", file, "-w", fresh)
	expect(t, exitUsage, `there is no stage "embd"`, append([]string{"snapshot", "create", file, "--stage", "embd"}, flags...)...)
	expect(t, exitFailed, "nowhere.tar.zst", "snapshot", "verify", "nowhere.tar.zst")
	expect(t, exitFailed, "the limit", "snapshot", "verify", file, "--max-bytes", "100")
	write(t, filepath.Join(dir, "my.yaml"), strings.Replace(corpusConfig, "epochs: 1", "epochs: 2", 1))
	expect(t, exitFailed, "embed is stale: embed.epochs 1 -> 2", append([]string{"snapshot", "create", file, "--stage", "embed"}, flags...)...)
	expect(t, exitDone, "left out: embed is stale", append([]string{"snapshot", "create", filepath.Join(dir, "part.tar.zst")}, flags...)...)

	// Cut off or altered anywhere, it is refused by name.
	bad := filepath.Join(dir, "bad.tar.zst")
	rng := rand.New(rand.NewPCG(5, 6))
	refused := func(what string, content []byte) {
		t.Helper()
		if err := os.WriteFile(bad, content, 0o644); err != nil {
			t.Fatal(err)
		}
		r := command(t, "snapshot", "verify", bad)
		if r.code != exitFailed || !strings.Contains(r.err, bad) {
			t.Errorf("%s: code %d, %q", what, r.code, r.err)
		}
	}
	for i := range 200 {
		at := rng.IntN(len(bytes))
		if i < 64 {
			at = len(bytes) - 1 - i
		} else if i < 128 {
			at = i - 64
		}
		altered := []byte(bytes)
		altered[at] ^= 1 << rng.IntN(8)
		refused("altered", altered)
		refused("cut off", []byte(bytes[:at]))
	}
	refused("longer", []byte(bytes+"\x00"))
	gone := filepath.Join(dir, "gone")
	expect(t, exitFailed, bad, "snapshot", "restore", bad, "-w", gone)
	if left, _ := filepath.Glob(filepath.Join(dir, "*gone*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
