package stage

import (
	"io/fs"
	"syscall"
	"time"
)

// identify returns what tells a file from another that took its name, and the
// time its inode last changed, which no program can set back.
func identify(info fs.FileInfo) (device, inode uint64, changed time.Time) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, time.Time{}
	}
	return uint64(s.Dev), s.Ino, time.Unix(int64(s.Ctim.Sec), int64(s.Ctim.Nsec))
}

// alive tells whether a process of this machine runs.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}
