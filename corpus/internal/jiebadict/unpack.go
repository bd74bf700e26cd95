package jiebadict

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Paths are the files that cppjieba opens.
type Paths struct {
	Dictionary, Model, User, IDF, StopWords string
}

// These two serve keyword extraction, which is not used here. cppjieba wants
// at least one line in each.
const (
	tinyIDF       = "的 1.0\n"
	tinyStopWords = "的\n"
)

// Unpack puts the dictionaries, and a user dictionary (which may be empty),
// into a folder of their own below parent, or, where parent is "", below the
// user's cache folder or, if that cannot be written, the folder for temporary
// files.
//
// Each file is compared with its hash at every call, written to a temporary
// file and renamed only where it is missing or differs. So processes may share
// the folder and start at the same time, a damaged file heals, and a folder
// that is complete may be read-only.
func Unpack(parent string, user []byte) (Paths, error) {
	parents := []string{parent}
	if parent == "" {
		parents = parents[:0]
		if dir, err := os.UserCacheDir(); err == nil {
			parents = append(parents, filepath.Join(dir, "wakong"))
		}
		parents = append(parents, filepath.Join(os.TempDir(), "wakong-"+strconv.Itoa(os.Getuid())))
	}
	var failed error
	for _, dir := range parents {
		p, err := unpackTo(dir, user)
		if err == nil {
			return p, nil
		}
		err = fmt.Errorf("%s: %w", dir, err)
		if failed == nil {
			failed = err
		} else {
			failed = fmt.Errorf("%w; %w", failed, err)
		}
	}
	return Paths{}, fmt.Errorf("no place to unpack jieba's dictionaries (XDG_CACHE_HOME and TMPDIR choose others): %w", failed)
}

func unpackTo(parent string, user []byte) (Paths, error) {
	m, err := readManifest()
	if err != nil {
		return Paths{}, err
	}
	dir, err := filepath.Abs(filepath.Join(parent, "jieba-"+m.Dictionary[:12]))
	if err != nil {
		return Paths{}, err
	}
	// cppjieba takes these for separators between several user dictionaries.
	if strings.ContainsAny(dir, "|;") {
		return Paths{}, fmt.Errorf("%s: jieba cannot open files below a folder with | or ; in its name", dir)
	}
	p := Paths{
		Dictionary: filepath.Join(dir, "jieba.dict.utf8"),
		Model:      filepath.Join(dir, "hmm_model.utf8"),
		User:       filepath.Join(dir, "user-"+hashOf(user)[:16]+".utf8"),
		IDF:        filepath.Join(dir, "idf.utf8"),
		StopWords:  filepath.Join(dir, "stop_words.utf8"),
	}
	constant := func(b []byte) func() ([]byte, error) {
		return func() ([]byte, error) { return b, nil }
	}
	for _, f := range []struct {
		path, hash string
		content    func() ([]byte, error)
	}{
		{p.Dictionary, m.Dictionary, Dictionary},
		{p.Model, m.Model, Model},
		{p.User, hashOf(user), constant(user)},
		{p.IDF, hashOf([]byte(tinyIDF)), constant([]byte(tinyIDF))},
		{p.StopWords, hashOf([]byte(tinyStopWords)), constant([]byte(tinyStopWords))},
	} {
		if b, err := os.ReadFile(f.path); err == nil && hashOf(b) == f.hash {
			continue
		}
		b, err := f.content()
		if err != nil {
			return Paths{}, err
		}
		if hashOf(b) != f.hash {
			return Paths{}, fmt.Errorf("%s as packed in this program is damaged", filepath.Base(f.path))
		}
		if err := writeAtomic(f.path, b); err != nil {
			return Paths{}, err
		}
	}
	return p, nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// writeAtomic writes a file so that whoever opens it finds all of it.
func writeAtomic(path string, content []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = bytes.NewReader(content).WriteTo(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
