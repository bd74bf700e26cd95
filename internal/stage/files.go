package stage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
)

// A filesystem is what this package does to the disk that tests replace: to
// fail where a real disk would, and to spare the waiting for it.
type filesystem struct {
	writeFile func(path string, data []byte) error // whole or not at all, synced
	syncFile  func(path string) error
	syncDir   func(path string) error
}

func realFilesystem() filesystem {
	return filesystem{writeFile: writeAtomic, syncFile: syncFile, syncDir: syncDir}
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncDir makes the names in a folder durable. File systems that know no such
// thing say so with EINVAL or ENOTSUP, and are taken at their word.
func syncDir(path string) error {
	err := syncFile(path)
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// tree lists what lies under a folder.
type tree struct {
	files []string // paths relative to the folder, with slashes, sorted
	dirs  []string // the same, children before their parents, without the folder itself
	size  map[string]int64
}

// walk lists a folder, leaving out the top-level names in skip. Anything that
// is neither file nor folder is an error: a link's target is not part of an
// immutable folder.
func walk(dir string, skip ...string) (tree, error) {
	t := tree{size: map[string]int64{}}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil || relative == "." {
			return err
		}
		relative = filepath.ToSlash(relative)
		for _, s := range skip {
			if relative == s {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
		}
		if d.IsDir() {
			t.dirs = append(t.dirs, relative)
			return nil
		}
		if !d.Type().IsRegular() {
			return userErrorf("%s is neither a file nor a folder (%v)", path, d.Type())
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		t.files = append(t.files, relative)
		t.size[relative] = info.Size()
		return nil
	})
	sort.Strings(t.files)
	sort.Sort(sort.Reverse(sort.StringSlice(t.dirs)))
	return t, err
}

// isFilePath tells whether s may stand as a file in a manifest: a relative
// path with slashes that stays inside its folder, in its shortest form.
func isFilePath(s string) bool {
	return s != "." && !strings.ContainsAny(s, "\\\x00") && filepath.IsLocal(filepath.FromSlash(s)) &&
		filepath.ToSlash(filepath.Clean(filepath.FromSlash(s))) == s
}
