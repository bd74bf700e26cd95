package corpus

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"wakong/internal/compressed"
)

// A sourceFile is one file of a source: where it lies and what it is called.
type sourceFile struct {
	path, name string
	key        string // begins its documents' ids; free of the place it lies at
	fault      error  // why it cannot be read, if so
	from       FileSystem
}

// A File is one that a source reads.
type File struct {
	Path string
	Name string // what messages and reports call it
}

// Files lists the files that the source reads, its answer file included.
func (s Source) Files() ([]File, error) {
	files, err := s.files()
	if err != nil {
		return nil, err
	}
	var all []File
	for _, f := range files {
		switch {
		case f.fault == nil:
			all = append(all, File{f.path, f.name})
		case !skippable(s.OnError, f.fault):
			return nil, f.fault
		}
	}
	if s.Answers != "" {
		all = append(all, File{s.Answers, orName(s.AnswersName, s.Answers)})
	}
	return all, nil
}

func orName(name, path string) string {
	if name == "" {
		return path
	}
	return name
}

// files finds the files in a fixed order: by name, as bytes compare.
func (s Source) files() ([]sourceFile, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.FS != nil || isPattern(s.Path) {
		return matchesIn(s.FS, s.Path, s.name())
	}
	info, err := os.Stat(s.Path)
	if err != nil {
		return nil, fileError(s.name(), err)
	}
	key := filepath.Base(s.Path)
	if !info.IsDir() {
		if err := checkRegular(s.Path, s.name()); err != nil {
			return nil, err
		}
		return []sourceFile{{path: s.Path, name: s.name(), key: key}}, nil
	}
	if s.Format != FormatText {
		return nil, &InputError{File: s.name(), Found: "a folder", Want: "a file (only format text reads folders)"}
	}
	return s.folder(key)
}

// folder finds the texts of a folder and its sub-folders; key begins their keys.
func (s Source) folder(key string) ([]sourceFile, error) {
	root, err := filepath.EvalSymlinks(s.Path)
	if err != nil {
		return nil, fileError(s.name(), err)
	}
	var files []sourceFile
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == root {
			return nil
		}
		if strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		link := d.Type()&fs.ModeSymlink != 0
		if d.IsDir() || !link && !isTextName(d.Name()) {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		file := sourceFile{path: filepath.Join(s.Path, rel)}
		rel = filepath.ToSlash(rel)
		file.name = strings.TrimSuffix(filepath.ToSlash(s.name()), "/") + "/" + rel
		file.key = key + "/" + rel
		to, err := os.Stat(file.path)
		switch {
		case err == nil && to.IsDir():
			file.fault = &InputError{File: file.name, Found: "a link to a folder", Want: "folders and files themselves (name the link's target as another source)"}
		case !isTextName(d.Name()):
			return nil
		default:
			file.fault = checkRegular(file.path, file.name)
		}
		files = append(files, file)
		return nil
	})
	if err != nil {
		return nil, fileError(s.name(), err)
	}
	if len(files) == 0 {
		return nil, &InputError{File: s.name(), Found: "a folder without text files", Want: ".txt or .md files"}
	}
	sort.Slice(files, func(i, j int) bool { return files[i].name < files[j].name })
	return files, nil
}

// isTextName tells whether a folder's file is taken as text. What describes
// the folder itself is no text of the corpus.
func isTextName(name string) bool {
	name, _ = compressed.Cut(name)
	ext := strings.ToLower(filepath.Ext(name))
	if ext != ".txt" && ext != ".md" {
		return false
	}
	switch strings.ToUpper(strings.TrimSuffix(name, filepath.Ext(name))) {
	case "README", "LICENSE", "LICENCE", "COPYING", "NOTICE":
		return false
	}
	return true
}

// fileError gives an error of the file system the file's name as the user
// knows it, once.
func fileError(name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return &InputError{File: name, Err: err}
}
