package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// Patience bounds each command to the browser and each waiting.
const Patience = 30 * time.Second

// A Browser is a running Chromium. It ends with the test.
type Browser struct {
	t testing.TB
	c *connection
}

// Start starts Chromium, or skips the test where there is none.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium in PATH (Debian's package chromium)")
	}
	// The browser reads commands from its descriptor 3 and writes to 4.
	commandsIn, commandsOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	answersIn, answersOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en-US",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{commandsIn, answersOut}
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd) }
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	commandsIn.Close()
	answersOut.Close()
	b := &Browser{t: t, c: newConnection(answersIn, commandsOut)}
	t.Cleanup(func() {
		// Asked to, it leaves its folder alone from then on.
		closing, done := context.WithTimeout(context.Background(), Patience)
		b.c.call(closing, "", "Browser.close", nil, nil)
		done()
		commandsOut.Close()
		ended := make(chan struct{})
		go func() { cmd.Wait(); close(ended) }()
		select {
		case <-ended:
			killGroup(cmd)
		case <-time.After(Patience):
		}
		cancel()
		<-ended
		answersIn.Close()
	})
	return b
}

// within calls a command within the bounds of the test.
func (b *Browser) within(session, method string, params, result any) error {
	ctx, cancel := context.WithTimeout(b.t.Context(), Patience)
	defer cancel()
	return b.c.call(ctx, session, method, params, result)
}
