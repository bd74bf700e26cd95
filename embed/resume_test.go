package embed

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// childCheckpoint names the checkpoint to the process that TestKilled kills.
const childCheckpoint = "WAKONG_TEST_EMBED_CHECKPOINT"

func killedText() [][]string { return topics(4000) }

// TestChild is what TestKilled kills: it tells each step on its output and
// goes on only when told to, so that the kill falls where the test wants it.
func TestChild(t *testing.T) {
	path := os.Getenv(childCheckpoint)
	if path == "" {
		t.Skip("only of use to TestKilledTrainingGoesOn")
	}
	all := killedText()
	answer := bufio.NewReader(os.Stdin)
	train(t, all, small(), Options{Threads: 2, Checkpoint: Checkpoint{Path: path, Every: 1}, Progress: func(done, total int64) {
		fmt.Printf("step %d of %d\n", done, total)
		answer.ReadByte()
	}})
}

// TestKilledTrainingGoesOn kills a process at several steps, each time going on
// from where the last one was killed.
func TestKilledTrainingGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	last := int64(-1)
	for _, steps := range []int{1, 3, 7, 2, 12} {
		child := exec.Command(os.Args[0], "-test.run=^TestChild$")
		child.Env = append(os.Environ(), childCheckpoint+"="+path)
		in, err := child.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		first, at := int64(-1), int64(0)
		for n := 0; n < steps && lines.Scan(); {
			var done, total int64
			if _, err := fmt.Sscanf(lines.Text(), "step %d of %d", &done, &total); err != nil {
				continue
			}
			if first < 0 {
				first = done
			}
			at = done
			if n++; n < steps {
				in.Write([]byte{'\n'})
			}
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := child.Wait(); err == nil {
			t.Fatal("the child ended before it was killed")
		}
		// It had saved the step before the one it was killed at.
		if last >= 0 && first != last {
			t.Errorf("went on with the step to %d words, expected that to %d, at which it was killed", first, last)
		}
		last = at
	}
	var notice string
	all := killedText()
	got := train(t, all, small(), Options{Checkpoint: Checkpoint{Path: path}, Notice: func(s string) { notice = s }})
	if notice != "" {
		t.Error(notice)
	}
	if !slices.Equal(got.Data, train(t, all, small(), Options{}).Data) {
		t.Error("other vectors than an undisturbed training's")
	}
}

// TestForeignText refuses to go on with another text, vocabulary or kernel.
func TestForeignText(t *testing.T) {
	all := topics(300)
	other := topics(301)
	path := filepath.Join(t.TempDir(), "c")
	o := Options{Kernel: Portable, Checkpoint: Checkpoint{Path: path, Every: 1}}
	v := count(t, all)
	if _, err := Train(context.Background(), v, stream(all), small(), o); err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	notices := func(change func()) (n int) {
		if err := os.WriteFile(path, saved, 0o644); err != nil {
			t.Fatal(err)
		}
		o.Notice = func(string) { n++ }
		change()
		return n
	}
	if n := notices(func() { Train(context.Background(), v, stream(all), small(), o) }); n != 0 {
		t.Error("its own checkpoint was refused")
	}
	if n := notices(func() { Train(context.Background(), v, stream(other), small(), o) }); n != 1 {
		t.Error("went on with another text")
	}
	if n := notices(func() { Train(context.Background(), count(t, other), stream(all), small(), o) }); n != 1 {
		t.Error("went on with another vocabulary")
	}
	if all := Kernels(); len(all) > 1 {
		o.Kernel = all[len(all)-1]
		if n := notices(func() { Train(context.Background(), v, stream(topics(300)), small(), o) }); n != 1 {
			t.Error("went on with another kernel")
		}
	}
}

func TestCraftedHeader(t *testing.T) {
	all := topics(50)
	path := filepath.Join(t.TempDir(), "c")
	for _, raw := range [][]byte{
		binary.LittleEndian.AppendUint32([]byte(checkpointMagic), 1<<31),
		append(binary.LittleEndian.AppendUint32([]byte(checkpointMagic), 2), "{}"...),
		append(binary.LittleEndian.AppendUint32([]byte(checkpointMagic), 2), "[}"...),
	} {
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		noticed := false
		train(t, all, small(), Options{Checkpoint: Checkpoint{Path: path}, Notice: func(string) { noticed = true }})
		if !noticed {
			t.Errorf("%.60q was taken", raw)
		}
	}
}

func TestCheckpointThatCannotBeSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no", "such", "folder")
	all := topics(50)
	_, err := Train(context.Background(), count(t, all), stream(all), small(), Options{Checkpoint: Checkpoint{Path: path, Every: 1}})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
