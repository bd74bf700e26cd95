package config

import _ "embed"

//go:embed template.yaml
var template string

// Template is a commented configuration in which every setting has its default
// and every input is commented out: what "pipeline init" writes.
func Template() string { return template }
