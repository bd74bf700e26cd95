package lstm

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestARM64 builds this package's tests and the network's for arm64 and runs,
// in an emulator, those that hold the portable kernel's bits and a training's.
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
	for _, c := range []struct{ folder, cxx, tests string }{
		{".", "", "TestPortableBits|TestExpAndLog|TestForwardMatchesReference|ExampleLayer"},
		{"..", "aarch64-linux-gnu-g++", "TestTrainingBits|TestPyTorchParity"}, // its word segmentation is C++
		{"../reader", "aarch64-linux-gnu-g++", "TestPortableBits"},
	} {
		t.Run(c.folder, func(t *testing.T) {
			env := append(os.Environ(), "CGO_ENABLED=1", "GOOS=linux", "GOARCH=arm64", "CC="+cc)
			if c.cxx != "" {
				if _, err := exec.LookPath(c.cxx); err != nil {
					t.Skip("no cross compiler of C++ for arm64 (Debian: g++-aarch64-linux-gnu)")
				}
				env = append(env, "CXX="+c.cxx)
			}
			binary := filepath.Join(t.TempDir(), "arm64.test")
			build := exec.Command(goTool, "test", "-c", "-ldflags=-extldflags=-static", "-o", binary, c.folder)
			build.Env = env
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("building for arm64: %v\n%s", err, out)
			}
			run := exec.Command(qemu, binary, "-test.run=^("+c.tests+")$")
			run.Dir = c.folder
			if out, err := run.CombinedOutput(); err != nil {
				t.Errorf("tests on arm64: %v\n%s", err, out)
			}
		})
	}
}
