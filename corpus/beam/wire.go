package beam

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The elements that hold text, or of which there are as many as documents, have a
// binary form of their own between workers: numbers as varints, texts and lists
// with their length in front. Those of which there are few are sent as JSON.

// A packer appends values to b.
type packer struct{ b []byte }

func (p *packer) number(n int64) { p.b = binary.AppendVarint(p.b, n) }
func (p *packer) length(n int)   { p.b = binary.AppendUvarint(p.b, uint64(n)) }

func (p *packer) text(s string) {
	p.length(len(s))
	p.b = append(p.b, s...)
}

func (p *packer) texts(list []string) {
	p.length(len(list))
	for _, s := range list {
		p.text(s)
	}
}

// An unpacker takes values off b; the first fault stays in err.
type unpacker struct {
	b   []byte
	err error
}

var errCutOff = errors.New("an element between workers is cut off")

func (u *unpacker) number() int64 {
	n, size := binary.Varint(u.b)
	if size <= 0 {
		u.err = errCutOff
		return 0
	}
	u.b = u.b[size:]
	return n
}

// length reads the length of something that takes at least a byte an item.
func (u *unpacker) length() int {
	n, size := binary.Uvarint(u.b)
	if size <= 0 || n > uint64(len(u.b)-size) {
		u.err = errCutOff
		u.b = nil
		return 0
	}
	u.b = u.b[size:]
	return int(n)
}

func (u *unpacker) text() string { return string(u.bytes()) }

func (u *unpacker) bytes() []byte {
	n := u.length()
	b := u.b[:n:n]
	u.b = u.b[n:]
	return b
}

func (u *unpacker) fixed(to []byte) {
	if len(u.b) < len(to) {
		u.err = errCutOff
		return
	}
	copy(to, u.b)
	u.b = u.b[len(to):]
}

func (u *unpacker) texts() []string {
	n := u.length()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = u.text()
	}
	return list
}

// done is the first fault, or what is left over.
func (u *unpacker) done() error {
	if u.err == nil && len(u.b) > 0 {
		return fmt.Errorf("an element between workers has %d bytes too many", len(u.b))
	}
	return u.err
}
