package corpus

import (
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// isPattern tells whether a path stands for the files that it matches: where
// there is a file of just this name it does not.
func isPattern(path string) bool {
	if !strings.ContainsAny(path, "*?[{") {
		return false
	}
	_, err := os.Lstat(path)
	return err != nil
}

// matches are the files that a pattern matches, in the order of their names, as
// bytes compare. Name is the pattern as the user wrote it. Hidden files match no
// star, and links to folders are not followed.
func matches(pattern, name string) ([]sourceFile, error) {
	if !doublestar.ValidatePathPattern(pattern) {
		return nil, &InputError{File: name, Found: "a pattern that nothing can match", Want: "*, ?, [a-z], {a,b} or **"}
	}
	paths, err := doublestar.FilepathGlob(pattern, doublestar.WithFilesOnly(), doublestar.WithNoHidden(), doublestar.WithNoFollow(), doublestar.WithFailOnIOErrors())
	if err != nil {
		return nil, fileError(name, err)
	}
	base, called := PatternBase(pattern, name)
	files := make([]sourceFile, 0, len(paths))
	for _, path := range paths {
		rel, err := filepath.Rel(orDot(base), path)
		if err != nil {
			return nil, &InputError{File: name, Err: err}
		}
		rel = filepath.ToSlash(rel)
		f := sourceFile{path: path, name: rel, key: rel}
		if called != "" {
			f.name = strings.TrimSuffix(called, "/") + "/" + rel
		}
		f.fault = checkRegular(f.path, f.name)
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, &InputError{File: name, Found: "no file that matches", Want: "at least one"}
	}
	sort.Slice(files, func(i, j int) bool { return files[i].name < files[j].name })
	return files, nil
}

func orDot(folder string) string {
	if folder == "" {
		return "."
	}
	return folder
}

// PatternBase gives the folder in front of the part of a path that matches
// files, and the same of the name that a user wrote for the path, which may begin
// otherwise; "" is the working folder. A path that is no pattern is its own base.
func PatternBase(path, name string) (base, called string) {
	if !isPattern(path) {
		return path, name
	}
	base, rest := doublestar.SplitPattern(filepath.ToSlash(path))
	if base == "." && !strings.HasPrefix(path, "./") {
		base = ""
	}
	segments := strings.Split(filepath.ToSlash(name), "/")
	keep := len(segments) - 1 - strings.Count(rest, "/")
	return filepath.FromSlash(base), strings.Join(segments[:max(0, keep)], "/")
}
