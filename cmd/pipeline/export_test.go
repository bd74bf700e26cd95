package main

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const unsegmented = `{"id":"1","passage":"狐狸提着灯笼走过木桥。XXXXX说：“山羊，你好！”狐狸走了。"}` + "\n"

// asked is what predict answers to segmented and to unsegmented questions.
func asked(t *testing.T, questions string, flags ...string) string {
	t.Helper()
	all := ""
	for _, c := range []struct {
		stdin string
		args  []string
	}{
		{"", []string{"-i", questions}},
		{"", []string{"-i", questions, "--format", "jsonl", "--top", "10000"}},
		{unsegmented, []string{"-i", "-", "--format", "jsonl", "--top", "10000"}},
	} {
		r := commandWith(t.Context(), c.stdin, append(append([]string{"predict"}, c.args...), flags...)...)
		if r.code != exitDone || r.out == "" {
			t.Fatalf("%v %v: %+v", c.args, flags, r)
		}
		all += r.out
	}
	return all
}

// A folder answers as its workspace does, by a program that was moved, in another
// folder, after workspace, configuration and dictionary have gone.
func TestExportFolder(t *testing.T) {
	for name, config := range map[string]string{"pointer": smallConfig, "reader": smallReader} {
		t.Run(name, func(t *testing.T) {
			dir, flags := project(t, strings.Replace(config, "segment: {", "segment: {user_dictionary: words.txt, ", 1))
			write(t, filepath.Join(dir, "words.txt"), "提着灯笼 100 n\n")
			expect(t, exitDone, "", append([]string{"run"}, flags...)...)
			questions := filepath.Join(dir, "q.doc_query")
			want := asked(t, questions, flags...)
			if !strings.Contains(want, "提着灯笼") {
				t.Errorf("the dictionary's word is no answer:\n%s", want)
			}
			first, again := filepath.Join(dir, "model"), filepath.Join(dir, "again")
			expect(t, exitDone, "format folder", append([]string{"export", "-o", first}, flags...)...)
			expect(t, exitDone, "format folder", append([]string{"export", "-o", again}, flags...)...)
			if a, b := folderFiles(t, first), folderFiles(t, again); !maps.Equal(a, b) || len(a) < 7 {
				t.Errorf("two exports differ, or lack files: %d and %d", len(a), len(b))
			}
			expect(t, exitFailed, "not empty", append([]string{"export", "-o", first}, flags...)...)

			elsewhere := t.TempDir()
			moved, program := filepath.Join(elsewhere, "moved"), filepath.Join(elsewhere, "wakong")
			if err := os.Rename(first, moved); err != nil {
				t.Fatal(err)
			}
			copyFile(t, questions, filepath.Join(elsewhere, "questions.doc_query"))
			copyFile(t, os.Args[0], program)
			if err := os.Chmod(program, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, gone := range []string{"work", "my.yaml", "words.txt"} {
				if err := os.RemoveAll(filepath.Join(dir, gone)); err != nil {
					t.Fatal(err)
				}
			}
			if got := asked(t, filepath.Join(elsewhere, "questions.doc_query"), "--model", moved); got != want {
				t.Errorf("the folder answers\n%.300s\nthe workspace\n%.300s", got, want)
			}
			process := exec.CommandContext(t.Context(), program, "predict", "--model", "moved", "-i", "questions.doc_query")
			process.Dir, process.Env = elsewhere, append(os.Environ(), asCommand+"=1")
			out, err := process.Output()
			if err != nil || !strings.HasPrefix(want, string(out)) || len(out) == 0 {
				t.Errorf("a moved program answers (%v)\n%.300s", err, out)
			}
			servedAs(t, program, moved, want)
			if entries, _ := os.ReadDir(elsewhere); len(entries) != 3 {
				t.Errorf("left behind: %v", entries)
			}
			if name == "pointer" {
				damaged(t, moved, questions)
			}
		})
	}
}

func folderFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		files[e.Name()] = read(t, filepath.Join(dir, e.Name()))
	}
	return files
}

// servedAs asks a server of the folder; its answers must be among those of predict.
func servedAs(t *testing.T, program, folder, predicted string) {
	t.Helper()
	process := exec.CommandContext(t.Context(), program, "serve", "--addr", "127.0.0.1:0", "--model", folder)
	process.Env = append(os.Environ(), asCommand+"=1")
	messages, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(messages)
	address := ""
	for address == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		address = regexp.MustCompile(`http://[0-9.:]+/`).FindString(line)
	}
	response, err := http.Post(address+"v1/cloze", "application/json", strings.NewReader(strings.Replace(unsegmented, `"id":"1",`, "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	answers := strings.TrimSuffix(strings.TrimSpace(answersIn(t, body)), "]")
	if err != nil || response.StatusCode != 200 || !strings.Contains(predicted, answers) {
		t.Errorf("serve answers %s: %s %v", response.Status, body, err)
	}
	if err := process.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, lines)
	if err := process.Wait(); err != nil {
		t.Error(err)
	}
}

// damaged alters, cuts off and removes each file of a folder in turn.
func damaged(t *testing.T, folder, questions string) {
	t.Helper()
	for name, whole := range folderFiles(t, folder) {
		path := filepath.Join(folder, name)
		altered := []byte(whole)
		altered[len(altered)/2] ^= 4
		for what, data := range map[string]string{"altered": string(altered), "cut off": whole[:len(whole)-2], "empty": ""} {
			write(t, path, data)
			r := command(t, "predict", "--model", folder, "-i", questions)
			if r.code != exitFailed || r.out != "" || name != "manifest.json" && !strings.Contains(r.err, path) {
				t.Errorf("%s %s: %+v", name, what, r)
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		expect(t, exitFailed, name, "predict", "--model", folder, "-i", questions)
		write(t, path, whole)
	}
	expect(t, exitDone, "", "predict", "--model", folder, "-i", questions)
}

// Weights from a file take the place of the network's, in predict and in an export,
// whose card says so; files that do not fit are refused by name.
func TestExportWeights(t *testing.T) {
	dir, flags := project(t, smallConfig)
	questions := filepath.Join(dir, "q.doc_query")
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	want := asked(t, questions, flags...)
	out := filepath.Join(dir, "safetensors")
	expect(t, exitDone, "format safetensors", append([]string{"export", "--format", "safetensors", "-o", out}, flags...)...)
	card := read(t, filepath.Join(out, "card.md"))
	for _, part := range []string{"# Model card", "| text stories/ | text | not stated | not stated |", "validation questions", "## train", `"units": 4`, "pipeline run --locked"} {
		if !strings.Contains(card, part) {
			t.Errorf("the card lacks %q:\n%s", part, card)
		}
	}
	if strings.Contains(card, dir) {
		t.Error("the card names a folder of this machine")
	}
	weights := filepath.Join(out, "model.safetensors")
	if got := asked(t, questions, append([]string{"--weights", weights}, flags...)...); got != want {
		t.Error("the weights that were exported answer otherwise")
	}

	// Those of another seed.
	other, otherFlags := project(t, strings.Replace(smallConfig, "units: 4,", "units: 4, seed: 5,", 1))
	expect(t, exitDone, "", append([]string{"run"}, otherFlags...)...)
	found, err := filepath.Glob(filepath.Join(other, "work", "cache", "train", "*", "model.safetensors"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	others := asked(t, questions, otherFlags...)
	if others == want {
		t.Fatal("both seeds answer alike")
	}
	if got := asked(t, questions, append([]string{"--weights", found[0]}, flags...)...); got != others {
		t.Error("other weights do not answer as their own workspace")
	}
	folder := filepath.Join(dir, "folder")
	expect(t, exitDone, "", append([]string{"export", "--weights", found[0], "-o", folder}, flags...)...)
	if got := asked(t, questions, "--model", folder); got != others {
		t.Error("an export of other weights does not answer as their own workspace")
	}
	if card := read(t, filepath.Join(folder, "card.md")); !strings.Contains(card, "trained elsewhere") {
		t.Error(card)
	}
	if card := read(t, filepath.Join(folder, "model.json")); !strings.Contains(card, `"validation_accuracy": null`) {
		t.Error(card)
	}

	bad := filepath.Join(dir, "bad.safetensors")
	for _, c := range []struct{ data, message string }{
		{read(t, weights)[:400], "not a safetensors file"},
		{strings.Replace(read(t, weights), `"unk"`, `"unc"`, 1), `lack "unk"`},
		{altered(read(t, weights), "\"vectors\""), "other word vectors"},
	} {
		write(t, bad, c.data)
		r := expect(t, exitFailed, c.message, append([]string{"predict", "--weights", bad, "-i", questions}, flags...)...)
		if !strings.Contains(r.err, bad) || r.out != "" {
			t.Errorf("%+v", r)
		}
	}
}

// altered changes the last bytes of a file of safetensors, which are of the tensor
// that stands last by its name.
func altered(file, last string) string {
	if !strings.Contains(file, last) {
		return ""
	}
	return file[:len(file)-4] + "\x00\x00\x40\x40"
}

func TestExportUsage(t *testing.T) {
	dir, flags := project(t, smallReader)
	out := filepath.Join(dir, "out")
	expect(t, exitFailed, "there is no workspace", append([]string{"export", "-o", out}, flags...)...)
	expect(t, exitDone, "", append([]string{"build"}, flags...)...)
	expect(t, exitFailed, "pipeline train", append([]string{"export", "-o", out}, flags...)...)
	expect(t, exitUsage, "expected -o FOLDER", append([]string{"export"}, flags...)...)
	expect(t, exitUsage, "expected one of folder, safetensors, onnx, torch", append([]string{"export", "--format", "pickle", "-o", out}, flags...)...)
	expect(t, exitFailed, "is for the network pointer", append([]string{"export", "--format", "torch", "-o", out}, flags...)...)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	expect(t, exitUsage, "exclude each other", append([]string{"predict", "--model", out, "-i", "-"}, flags...)...)
	expect(t, exitUsage, "--weights is empty", append([]string{"predict", "--weights", "", "-i", "-"}, flags...)...)
	expect(t, exitFailed, "no such file", "predict", "--model", out, "-i", filepath.Join(dir, "q.doc_query"))
	expect(t, exitFailed, "expected a folder that 'pipeline export' wrote", "predict", "--model", dir, "-i", filepath.Join(dir, "q.doc_query"))
	expect(t, exitUsage, "no questions", "predict", "--model", out)
	expect(t, exitFailed, "holds an export of format safetensors", "predict", "-i", filepath.Join(dir, "q.doc_query"), "--model", exported(t, flags, "safetensors", out))

	// What was trained can be taken along when the sources have gone, without licences.
	write(t, filepath.Join(dir, "my.yaml"), strings.NewReplacer("path: stories/", `path: "${WAKONG_TEST_NOWHERE}/stories"`).Replace(smallReader))
	expect(t, exitDone, "the card states no licences", append([]string{"export", "-o", filepath.Join(dir, "later")}, flags...)...)

	// A result that was altered is not passed on.
	found, err := filepath.Glob(filepath.Join(dir, "work", "cache", "train", "*", "text.json"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	os.Chmod(found[0], 0o644)
	text := bytes.Replace([]byte(read(t, found[0])), []byte("spaces"), []byte("spaceS"), 1)
	write(t, found[0], string(text))
	expect(t, exitFailed, "pipeline verify --repair", append([]string{"export", "-o", filepath.Join(dir, "broken")}, flags...)...)
	if entries, _ := filepath.Glob(filepath.Join(dir, "*broken*")); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// A network whose vectors have been trained anew since is exported with those that it
// was trained with, and the card describes no others.
func TestExportEarlier(t *testing.T) {
	dir, flags := project(t, smallConfig)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	questions := filepath.Join(dir, "q.doc_query")
	want := asked(t, questions, flags...)
	write(t, filepath.Join(dir, "my.yaml"), strings.Replace(smallConfig, "embed: {size: 8,", "embed: {size: 8, seed: 3,", 1))
	expect(t, exitDone, "", append([]string{"embed"}, flags...)...)
	out := filepath.Join(dir, "out")
	expect(t, exitDone, "without pipeline.lock: train read another vectors.bin", append([]string{"export", "-o", out}, flags...)...)
	if got := asked(t, questions, "--model", out); got != want {
		t.Error("it answers otherwise than before")
	}
	card := read(t, filepath.Join(out, "card.md"))
	if !strings.Contains(card, "What was read is an earlier result") || strings.Contains(card, `"seed": 3`) || !strings.Contains(card, "text stories/") {
		t.Error(card)
	}
	if strings.Contains(card, "run --locked") || !strings.Contains(card, "How to rebuild") {
		t.Errorf("the card names a lock that is not there:\n%s", card)
	}
}

// exported exports and gives the folder.
func exported(t *testing.T, flags []string, format, folder string) string {
	t.Helper()
	expect(t, exitDone, "format "+format, append([]string{"export", "--format", format, "-o", folder}, flags...)...)
	return folder
}
