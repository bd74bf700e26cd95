package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// On a full disk the command says so, and goes on when there is room.
func TestFullDisk(t *testing.T) {
	dir, _ := project(t, smallConfig)
	config, disk := filepath.Join(dir, "my.yaml"), t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=96k"); err != nil {
		t.Skipf("cannot make a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	work := filepath.Join(disk, "work")
	r := expect(t, exitFailed, "the disk is full; free some space and run again", "run", "-c", config, "-w", work)
	if strings.Contains(r.err, "panic") {
		t.Error(r.err)
	}
	expect(t, exitDone, "", "status", "-c", config, "-w", work)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Skipf("cannot make the disk larger: %v", err)
	}
	expect(t, exitDone, "ran ", "run", "-c", config, "-w", work)
	expect(t, exitDone, "all results are as they were written", "verify", "-w", work)
}
