package stage_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"wakong/internal/stage"
)

// Two stages: one writes a greeting, the other counts its letters. The second
// time nothing runs; then a parameter changes.
func Example() {
	dir, err := os.MkdirTemp("", "work")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	type params struct{ Name string }
	stages := func(p params) []stage.Stage {
		return []stage.Stage{
			{Name: "greet", Version: 1, Params: p, Run: func(_ context.Context, r *stage.Run) error {
				return os.WriteFile(filepath.Join(r.Dir, "greeting.txt"), []byte("hello, "+p.Name), 0o644)
			}},
			{Name: "count", Version: 1, Needs: []stage.Need{{Stage: "greet", Files: []string{"greeting.txt"}}},
				Run: func(_ context.Context, r *stage.Run) error {
					path, err := r.Need("greet", "greeting.txt")
					if err != nil {
						return err
					}
					text, err := os.ReadFile(path)
					if err != nil {
						return err
					}
					return os.WriteFile(filepath.Join(r.Dir, "count.txt"), fmt.Append(nil, len(text)), 0o644)
				}},
		}
	}

	ctx := context.Background()
	w, err := stage.Open(ctx, dir, stage.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer w.Close()
	for _, name := range []string{"world", "world", "there"} {
		status, err := w.Status(ctx, stages(params{name}))
		if err != nil {
			fmt.Println(err)
			return
		}
		ran, err := w.Execute(ctx, stages(params{name}), stage.ExecOptions{})
		fmt.Println(status[0].State, status[0].Reason, ran, err)
	}
	// Output:
	// missing never run [greet count] <nil>
	// fresh  [] <nil>
	// stale greet.name world -> there [greet count] <nil>
}
