// Package python finds, for tests, a Python that has the modules which a test holds
// this program against.
package python

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// With gives the Python that has all of the modules, or skips the test: the one that
// WAKONG_PYTHON names, or of python3 and the system's own the first that has them.
func With(t testing.TB, modules ...string) string {
	t.Helper()
	candidates := []string{"python3", "/usr/bin/python3"}
	if named := os.Getenv("WAKONG_PYTHON"); named != "" {
		candidates = []string{named}
	}
	for _, candidate := range candidates {
		find := fmt.Sprintf("import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, %q.split())))", strings.Join(modules, " "))
		if exec.Command(candidate, "-c", find).Run() == nil {
			return candidate
		}
	}
	t.Skipf("no Python with %s (asked %s); WAKONG_PYTHON names one that has it", strings.Join(modules, ", "), strings.Join(candidates, ", "))
	return ""
}
