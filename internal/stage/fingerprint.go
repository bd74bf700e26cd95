package stage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// fingerprintFormat is part of every fingerprint. Raise it when the way of
// making them changes, and say here why.
//
//	1: first
const fingerprintFormat = 1

// A key is all that a result depends on: what is hashed into a fingerprint.
type key struct {
	stage   string
	version int
	params  json.RawMessage              // canonical
	inputs  map[string]string            // name to SHA-256
	needs   map[string]map[string]string // stage to file to SHA-256
}

// fingerprint is the SHA-256 of the key's canonical text, in hexadecimal.
func (k key) fingerprint() (string, error) {
	text, err := Canonical(map[string]any{
		"format":  fingerprintFormat,
		"stage":   k.stage,
		"version": k.version,
		"params":  k.params,
		"inputs":  orEmpty(k.inputs),
		"needs":   orEmpty(k.needs),
	})
	if err != nil {
		return "", fmt.Errorf("fingerprint of %s: %w", k.stage, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// orEmpty makes a map that was left out and one without entries the same.
func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

// isHash tells whether s is a SHA-256 in lower-case hexadecimal.
func isHash(s string) bool {
	if len(s) != 2*sha256.Size {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// isStageName keeps stage names usable as folder names everywhere.
func isStageName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '-' && c != '_') {
			return false
		}
	}
	return s != "" && len(s) <= 64
}
