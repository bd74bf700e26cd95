package corpus

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wakong/internal/compressed"
)

// folderOf makes a folder of files, packed as their names say.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, packed(t, name, text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func packed(t testing.TB, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	_, kind := compressed.Cut(name)
	err := kind.Write(&b, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var taleFolder = map[string]string{
	"a.txt":            "狐狸回家了。\n",
	"b.txt.gz":         "裁缝睡着了。\n",
	"B.txt.zst":        "井里有水。\n",
	"c.jsonl":          "{\"text\":\"灯塔亮了。\"}\n",
	"deep/er/d.txt":    "雪停了。\n",
	"deep/e.txt.zst":   "船走了。\n",
	"deep/.hidden.txt": "没有人读。\n",
}

func TestGlob(t *testing.T) {
	folder := folderOf(t, taleFolder)
	for _, c := range []struct{ pattern, want string }{
		{"*.txt", "a.txt"},
		{"*.txt*", "B.txt.zst a.txt b.txt.gz"},
		{"[a-c].txt{,.gz}", "a.txt b.txt.gz"},
		{"?.txt.gz", "b.txt.gz"},
		{"**/*.txt", "a.txt deep/er/d.txt"},
		{"deep/**/*.txt*", "e.txt.zst er/d.txt"},
	} {
		s := Source{Format: FormatText, Path: filepath.Join(folder, c.pattern), Name: "tales/" + c.pattern}
		documents, report, err := read(t, s)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if err := s.Probe(); err != nil {
			t.Errorf("probing %s: %v", c.pattern, err)
		}
		var ids []string
		for _, d := range documents {
			ids = append(ids, d.ID)
			if d.Text == "" || !strings.HasPrefix(d.Source, "tales/") || strings.Contains(d.Title, ".") {
				t.Errorf("%s: %+v", c.pattern, d)
			}
		}
		if got := strings.Join(ids, " "); got != c.want || report.Files != len(ids) {
			t.Errorf("%s: got %s of %d files, want %s", c.pattern, got, report.Files, c.want)
		}
	}
}

func TestGlobFaults(t *testing.T) {
	folder := folderOf(t, map[string]string{"a.jsonl": "{\"text\":\"一\"}\n", "b.jsonl.gz": "{\"text\":\"二\"}\n[]\n"})
	whole := packed(t, "x.gz", strings.Repeat("灯塔亮了。船走了。\n", 50))
	for name, b := range map[string][]byte{"cut.txt.gz": whole[:len(whole)-9], "none.txt.zst": []byte("灯塔")} {
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ format, pattern, want string }{
		{FormatJSONLines, "*.csv", "s/*.csv: found no file that matches, expected at least one"},
		{FormatJSONLines, "[a.jsonl", "s/[a.jsonl: found a pattern that nothing can match"},
		{FormatJSONLines, "*.jsonl*", "s/b.jsonl.gz:2: found \"[]\", which is no JSON object"},
		{FormatText, "cut*", "s/cut.txt.gz:"},
		{FormatText, "none*", "s/none.txt.zst:"},
	} {
		s := Source{Format: c.format, Path: filepath.Join(folder, c.pattern), Name: "s/" + c.pattern}
		if _, _, err := read(t, s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.pattern, err, c.want)
		}
	}
	// A file that has the name of a pattern is meant itself.
	if err := os.WriteFile(filepath.Join(folder, "[a].txt"), []byte("一只狐狸。\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	documents, _, err := read(t, Source{Format: FormatText, Path: filepath.Join(folder, "[a].txt")})
	if err != nil || len(documents) != 1 {
		t.Errorf("%v, %v", documents, err)
	}
}

// Questions by pattern: each file of questions has the file of answers that stands
// at its place.
func TestGlobQuestions(t *testing.T) {
	folder := folderOf(t, map[string]string{
		"q1.txt.gz": "1 ||| XXXXX 回 家 。\n<qid_0> ||| XXXXX 回 家 。\n", "a1.txt": "<qid_0> ||| 狐狸\n",
		"q2.txt": "1 ||| XXXXX 睡 了 。\n<qid_0> ||| XXXXX 睡 了 。\n", "a2.txt.zst": "<qid_0> ||| 裁缝\n",
	})
	s := QuestionSource{Format: FormatCMRC2017, Path: filepath.Join(folder, "q*"), Answers: filepath.Join(folder, "a*"), Name: "q*", AnswersName: "a*"}
	var answers []string
	for q, err := range s.Questions(t.Context(), QuestionOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, q.File+" "+q.Answer)
	}
	if !slices.Equal(answers, []string{"q1.txt.gz 狐狸", "q2.txt 裁缝"}) {
		t.Errorf("%q", answers)
	}
	if err := s.Probe(); err != nil {
		t.Error(err)
	}
	if files, err := s.Files(); err != nil || len(files) != 4 || files[1].Name != "a1.txt" {
		t.Errorf("%v, %v", files, err)
	}
	for _, c := range []struct{ answers, want string }{
		{"a1.txt", "found many files of questions with one of answers"},
		{"a1*", "found 1 files of answers, expected 2, one for each file of questions"},
	} {
		s.Answers, s.AnswersName = filepath.Join(folder, c.answers), ""
		if err := s.Probe(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.answers, err, c.want)
		}
	}
}

func TestPatternBase(t *testing.T) {
	for _, c := range []struct{ path, name, base, called string }{
		{"/data/tales/*.txt", "tales/*.txt", "/data/tales", "tales"},
		{"/data/**/*.txt", "**/*.txt", "/data", ""},
		{"*.txt", "*.txt", "", ""},
		{"/data/tales", "tales", "/data/tales", "tales"},
	} {
		if base, called := PatternBase(c.path, c.name); base != c.base || called != c.called {
			t.Errorf("%s: got %q and %q, want %q and %q", c.path, base, called, c.base, c.called)
		}
	}
}
