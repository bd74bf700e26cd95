package lstm

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestARM64 builds this package's tests for arm64 and runs, in an emulator,
// those that hold the portable kernel's bits against the golden file.
func TestARM64(t *testing.T) {
	if runtime.GOARCH == "arm64" {
		t.Skip("this is arm64: the other tests have run on it already")
	}
	if testing.Short() {
		t.Skip("cross-building takes a while")
	}
	cc, err := exec.LookPath("aarch64-linux-gnu-gcc")
	if err != nil {
		t.Skip("no cross compiler for arm64 (Debian: gcc-aarch64-linux-gnu)")
	}
	qemu, err := exec.LookPath("qemu-aarch64-static")
	if err != nil {
		t.Skip("no emulator of arm64 (Debian: qemu-user-static)")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command")
	}
	binary := filepath.Join(t.TempDir(), "lstm.test")
	build := exec.Command(goTool, "test", "-c", "-ldflags=-extldflags=-static", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=1", "GOOS=linux", "GOARCH=arm64", "CC="+cc)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building for arm64: %v\n%s", err, out)
	}
	out, err := exec.Command(qemu, binary, "-test.v", "-test.run=^(TestPortableBits|TestExpAndLog|TestForwardMatchesReference|ExampleLayer)$").CombinedOutput()
	if err != nil {
		t.Errorf("tests on arm64: %v\n%s", err, out)
	}
}
