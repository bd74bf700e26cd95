package beam

import "sync"

// A kept value is made at its first use and lives as long as the process. Where that
// fails nothing is kept and the next use tries again: a file that could not be read,
// or a piece of work that was called off, says nothing about the pieces after it.
type kept[T any] struct {
	mutex sync.Mutex // held while the value is made, which others wait for
	made  bool
	value T
}

func (k *kept[T]) get(make func() (T, error)) (T, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.made {
		return k.value, nil
	}
	value, err := make()
	if err == nil {
		k.value, k.made = value, true
	}
	return value, err
}
