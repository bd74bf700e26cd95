package config

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Path is a file path in a configuration. Its text form is the path as it
// stands in the file: fingerprints must not depend on where a project was
// cloned to or which home a user has.
type Path struct{ written, resolved string }

// NewPath makes a path that did not come from a file.
func NewPath(written, resolved string) Path { return Path{written, resolved} }

// Written is the path as it stands in the file.
func (p Path) Written() string { return p.written }

// Resolved is the path to open.
func (p Path) Resolved() string { return p.resolved }

// IsZero reports whether no path was given.
func (p Path) IsZero() bool { return p.written == "" }

// MarshalText gives the written path.
func (p Path) MarshalText() ([]byte, error) { return []byte(p.written), nil }

// resolvePath puts the environment into a path and makes it relative to dir.
// lookup is os.LookupEnv, or what a test puts in its place.
func resolvePath(written, dir string, lookup func(string) (string, bool)) (Path, error) {
	expanded, err := expand(written, lookup)
	if err != nil {
		return Path{}, err
	}
	if strings.ContainsRune(expanded, 0) {
		return Path{}, fmt.Errorf("found a NUL character, expected a path")
	}
	if strings.Contains(expanded, "://") {
		return Path{written, expanded}, nil // not on this machine, and in no folder of it
	}
	if !filepath.IsAbs(expanded) {
		expanded = filepath.Join(dir, expanded)
	}
	return Path{written, filepath.Clean(expanded)}, nil
}

// expand replaces ${NAME} by the environment variable. "$NAME" without braces
// stays as it is, since file names may hold a dollar sign.
func expand(s string, lookup func(string) (string, bool)) (string, error) {
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			b.WriteString(s)
			return b.String(), nil
		}
		b.WriteString(s[:i])
		s = s[i+2:]
		end := strings.IndexByte(s, '}')
		if end < 0 {
			return "", fmt.Errorf("found \"${\" without \"}\", expected ${NAME}")
		}
		name := s[:end]
		s = s[end+1:]
		if !isVariable(name) {
			return "", fmt.Errorf("found ${%s}, expected ${NAME} with letters, digits and underscores", name)
		}
		value, ok := lookup(name)
		if !ok {
			return "", fmt.Errorf("environment variable %s is not set", name)
		}
		if value == "" {
			return "", fmt.Errorf("environment variable %s is empty", name)
		}
		b.WriteString(value)
	}
}

func isVariable(name string) bool {
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}
