package corpus

import (
	"io"
	"path"
	"sort"
	"strings"
)

// A FileSystem is a place of files other than this machine's own, such as the
// buckets of a cloud. Paths are written as it knows them ("s3://tales/a.jsonl").
// It is safe for concurrent use.
type FileSystem interface {
	// Open opens a file; what it gives are the bytes as they are stored.
	Open(path string) (io.ReadCloser, error)
	// Match lists the files that a path or a pattern stands for. Stars match no
	// slash; what else a pattern may hold is the file system's own.
	Match(pattern string) ([]string, error)
}

// openFrom is openFile in any file system; nil is this machine's own.
func openFrom(from FileSystem, path, name string) (io.ReadCloser, error) {
	if from == nil {
		return openFile(path, name)
	}
	f, err := from.Open(path)
	if err != nil {
		return nil, fileError(name, err)
	}
	return unpack(f, path, name)
}

// matchesIn is matches in any file system; nil is this machine's own. A path
// that is no pattern stands for itself.
func matchesIn(from FileSystem, pattern, name string) ([]sourceFile, error) {
	if from == nil {
		return matches(pattern, name)
	}
	paths, err := from.Match(pattern)
	if err != nil {
		return nil, fileError(name, err)
	}
	base, called := PatternBase(pattern, name)
	var files []sourceFile
	for _, p := range paths {
		f := sourceFile{path: p, name: name, key: path.Base(p), from: from}
		if p != pattern {
			rel := strings.TrimPrefix(strings.TrimPrefix(p, base), "/")
			f.name, f.key = strings.TrimSuffix(called, "/")+"/"+rel, rel
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, &InputError{File: name, Found: "no file that matches", Want: "at least one"}
	}
	sort.Slice(files, func(i, j int) bool { return files[i].name < files[j].name })
	return files, nil
}
