package lstm

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSanitizers builds the C kernels with a driver of their own under the
// address and undefined-behaviour sanitizers and runs them over odd shapes.
func TestSanitizers(t *testing.T) {
	cc := compiler(t)
	sources, err := filepath.Glob("kernel*.c")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no kernels found: %v", err)
	}
	binary := filepath.Join(t.TempDir(), "driver")
	flags := []string{"-g", "-O1", "-std=c11", "-Wall", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-I."}

	// A compiler may come without the sanitizers' libraries.
	empty := filepath.Join(t.TempDir(), "empty.c")
	if err := os.WriteFile(empty, []byte("int main(void) { return 0; }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(cc, append(flags, "-o", binary, empty)...).CombinedOutput(); err != nil {
		t.Skipf("%s has no sanitizers: %v\n%s", cc, err, out)
	}
	if out, err := exec.Command(binary).CombinedOutput(); err != nil {
		t.Skipf("sanitized programs do not run here: %v\n%s", err, out)
	}

	args := append(flags, "-o", binary, filepath.Join("testdata", "sanitize", "driver.c"))
	args = append(append(args, sources...), "-lm")
	if out, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cc, err, out)
	}
	out, err := exec.Command(binary).CombinedOutput()
	if err != nil {
		t.Errorf("the kernels are not clean: %v\n%s", err, out)
	}
	t.Logf("%s:\n%s", cc, out)

	out, err = exec.Command(binary, "overrun").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "heap-buffer-overflow") {
		t.Errorf("a buffer one element short went unnoticed: %v\n%s", err, out)
	}
}

// compiler finds a C compiler: the one that CC names, or a customary name.
func compiler(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CC"), "cc", "gcc", "clang"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no C compiler found: the sanitizers were not run")
	return ""
}
