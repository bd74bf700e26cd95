//go:build !linux

package crawl

import "go.etcd.io/bbolt"

// unmapSeen leaves it to the system what it keeps mapped of the store's file.
func unmapSeen(*bbolt.Tx) {}
