package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// MaxBytes is the size of the largest configuration file that is read. A hundred
// sources need 10 KB; the YAML parser takes time quadratic in the number of keys
// (4 seconds for 50,000), so that the limit is not far above what is needed.
const MaxBytes = 64 << 10

// Load reads a configuration file. What is wrong with its content is returned
// as [Errors]; a file that cannot be read is an *os.PathError.
func Load(name string) (*Config, error) { return load(name, selection{}) }

// LoadSections reads some sections of a configuration file and leaves the others
// at their defaults, unread: a command that needs only those works where the
// files and environment variables that the others name are not there. In place of
// a section a single key can be named, "segment.user_dictionary". The key paths in
// without are left out too, for what a flag replaces.
func LoadSections(name string, sections, without []string) (*Config, error) {
	return load(name, selection{sections, without})
}

// selection says which part of a file is read; the zero value is all of it.
type selection struct{ sections, without []string }

func (s selection) has(keyPath string) bool {
	if contains(s.without, keyPath) {
		return false
	}
	for _, wanted := range s.sections {
		if keyPath == wanted || strings.HasPrefix(keyPath, wanted+".") || strings.HasPrefix(wanted, keyPath+".") {
			return true
		}
	}
	return len(s.sections) == 0
}

func load(name string, only selection) (*Config, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return parse(name, only, data, dir, os.LookupEnv)
}

// Parse reads a configuration from memory. name stands in messages, dir is the
// folder that paths are relative to, and lookup tells environment variables.
// Errors are [Errors].
func Parse(name string, data []byte, dir string, lookup func(string) (string, bool)) (*Config, error) {
	return parse(name, selection{}, data, dir, lookup)
}

func parse(name string, only selection, data []byte, dir string, lookup func(string) (string, bool)) (*Config, error) {
	c := Default()
	c.file = name
	c.positions = map[string]Position{}
	body, err := parseYAML(name, data)
	if err != nil {
		return nil, err
	}
	d := &decoder{config: c, dir: dir, lookup: lookup, only: only}
	d.file(body)
	if len(d.errors) == 0 {
		// A section that was not understood would only bring errors about what
		// it seems to lack.
		d.check()
	}
	if len(d.errors) > 0 {
		return nil, d.errors.sorted()
	}
	return c, nil
}

// Invalid reports whether an error says that a configuration is wrong, and not
// that a file could not be read.
func Invalid(err error) bool {
	var one *Error
	return errors.As(err, &one)
}
