package crawl

import (
	"syscall"

	"go.etcd.io/bbolt"
)

// unmapSeen takes the pages of the store's file that were looked at out of this
// process's memory; they stay in the system's cache. The file grows with the crawl, and
// what of it is mapped would count as memory of the process until the system runs short.
//
// The mapping is only read, so nothing is lost, and is not moved during a transaction.
func unmapSeen(tx *bbolt.Tx) {
	// That it is not heeded does no harm.
	syscall.Syscall(syscall.SYS_MADVISE, tx.DB().Info().Data, uintptr(tx.Size()), syscall.MADV_DONTNEED)
}
