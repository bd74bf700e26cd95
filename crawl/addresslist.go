package crawl

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// addressList has addresses in the order in which they were added, each once, on disk.
type addressList struct {
	file *os.File
	out  *bufio.Writer
	seen map[pageKey]bool
}

func newAddressList(dir string) (*addressList, error) {
	f, err := os.Create(filepath.Join(dir, "addresses.tmp"))
	if err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	return &addressList{file: f, out: bufio.NewWriter(f), seen: map[pageKey]bool{}}, nil
}

func (l *addressList) remove() error { return errors.Join(l.file.Close(), os.Remove(l.file.Name())) }

func (l *addressList) add(key pageKey, address string) error {
	if l.seen[key] {
		return nil
	}
	l.seen[key] = true
	if _, err := l.out.WriteString(address + "\n"); err != nil {
		return fmt.Errorf("crawl: writing %s: %w", l.file.Name(), err)
	}
	return nil
}

// end ends the adding; then the list can be read, by several at once.
func (l *addressList) end() error {
	l.seen = nil
	if err := l.out.Flush(); err != nil {
		return fmt.Errorf("crawl: writing %s: %w", l.file.Name(), err)
	}
	return nil
}

// from reads up to n addresses at a place in the list, 0 being its beginning, and gives
// the place behind them.
func (l *addressList) from(place int64, n int) (addresses []string, next int64, err error) {
	in := bufio.NewReader(io.NewSectionReader(l.file, place, 1<<62))
	for next = place; len(addresses) < n; {
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, place, fmt.Errorf("crawl: %w: %w", errStore, err)
		}
		next += int64(len(line))
		addresses = append(addresses, strings.TrimSuffix(line, "\n"))
	}
	return addresses, next, nil
}
