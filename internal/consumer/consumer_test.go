// Package consumer builds small programs against the libraries from outside of
// this module, as another project would.
package consumer

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// programs use one library each, and nothing internal.
var programs = map[string]string{
	"vocab": `package main

import (
	"fmt"
	"strings"

	"wakong/vocab"
)

func main() {
	var c vocab.Counter
	for _, w := range strings.Fields("狐狸 井 狐狸") {
		c.Add(w)
	}
	v, err := c.Build(1)
	if err != nil {
		panic(err)
	}
	fmt.Println(v.Word(1), v.Count(1))
}
`,
	"corpus": `package main

import (
	"fmt"
	"strings"

	"wakong/corpus"
)

func main() {
	jieba, err := corpus.NewJieba(corpus.JiebaOptions{})
	if err != nil {
		panic(err)
	}
	for _, s := range corpus.Sentences("狐狸提着灯笼。他说：“晚上好！”") {
		fmt.Println(strings.Join(jieba.Words(s), " "))
	}
}
`,
	"embed": `package main

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"wakong/embed"
)

func text() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for range 50 {
			if !yield([]string{"狐狸", "提", "着", "灯笼"}, nil) {
				return
			}
		}
	}
}

func main() {
	ctx := context.Background()
	v, err := embed.CountWords(ctx, text, 1)
	if err != nil {
		panic(err)
	}
	vectors, err := embed.Train(ctx, v, text, embed.DefaultParams(), embed.Options{})
	if err != nil {
		panic(err)
	}
	path := filepath.Join(os.TempDir(), fmt.Sprintf("consumer-%d.bin.zst", os.Getpid()))
	defer os.Remove(path)
	if err := vectors.Save(path); err != nil {
		panic(err)
	}
	first, err := embed.Open(path, embed.ReadOptions{Limit: 3})
	if err != nil {
		panic(err)
	}
	fmt.Println(vectors.Vocabulary.Len()-1, first.Vocabulary.Len()-1, first.Size)
}
`,
	"crawl": `package main

import (
	"fmt"

	"wakong/crawl"
)

func main() {
	page := crawl.Page{
		URL:    "http://tales.example/1",
		Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}},
		Body:   []byte("<h1>灯笼</h1><nav>首页</nav><div class=story><p>狐狸提着灯笼。</p></div>"),
	}
	story, found, err := crawl.Extract(page, crawl.Story{Title: "h1", Body: ".story"})
	fmt.Println(story.Title, story.Text, found, err)
}
`,
	"model": `package main

import (
	"fmt"

	"wakong/model"
)

func main() {
	vectors := make([]float32, 5*4)
	for i := range vectors {
		vectors[i] = float32(i%3) / 3
	}
	n, err := model.NewNetwork(vectors, 4, model.NetworkOptions{Units: 6})
	if err != nil {
		panic(err)
	}
	defer n.Close()
	example := model.Example{ID: "1", Left: []int32{1, 2}, Right: []int32{3, 2}, Answer: 2}
	loss, err := n.Step([]model.Example{example})
	fmt.Println(loss > 0, err)
}
`,
}

var want = map[string]string{
	"vocab":  "狐狸 2",
	"corpus": "狐狸 提 着 灯笼 。",
	"embed":  "4 3 128",
	"crawl":  "灯笼 狐狸提着灯笼。 true <nil>",
	"model":  "true <nil>",
}

// TestProgramsOutside builds each program in a module of its own that replaces
// wakong by this checkout, as the README shows, and runs it.
func TestProgramsOutside(t *testing.T) {
	if testing.Short() {
		t.Skip("building programs takes some seconds")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	requirements, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	// The module of this checkout, as one that another requires and replaces.
	mod := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllString(string(requirements), "module consumer")
	mod += "\nrequire wakong v0.0.0\n\nreplace wakong => " + root + "\n"
	for name, source := range programs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, content := range map[string]string{"go.mod": mod, "go.sum": string(sums), "main.go": source} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			build := exec.Command("go", "build", "-mod=mod", "-o", "program", ".")
			build.Dir = dir
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("building: %v\n%s", err, out)
			}
			run := exec.Command(filepath.Join(dir, "program"))
			run.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir())
			out, err := run.CombinedOutput()
			if err != nil {
				t.Fatalf("running: %v\n%s", err, out)
			}
			if !strings.Contains(string(out), want[name]) {
				t.Errorf("it printed %q, expected %q", out, want[name])
			}
		})
	}
}
