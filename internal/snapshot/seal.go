package snapshot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"
	"os"
)

// ErrDamaged marks a file that is no whole, unaltered snapshot.
var ErrDamaged = errors.New("snapshot: not whole and unaltered")

// The seal is a skippable frame: its magic number, the size of what follows, a
// mark of this format, and the hash of all bytes before the frame.
const (
	skippable  = 0x184D2A50
	sealMark   = "WKSNAP01"
	sealHeader = 4 + 4
	sealSize   = sealHeader + len(sealMark) + sha256.Size
)

func seal(sum []byte) []byte {
	out := binary.LittleEndian.AppendUint32(nil, skippable)
	out = binary.LittleEndian.AppendUint32(out, uint32(sealSize-sealHeader))
	out = append(out, sealMark...)
	return append(out, sum...)
}

// sealed hashes what passes.
type sealed struct {
	w   io.Writer
	sum hash.Hash
}

func (s *sealed) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.sum.Write(p[:n])
	return n, err
}

// checkSeal reads the whole file and compares it with its seal. body is the
// number of bytes before the seal.
func checkSeal(ctx context.Context, f *os.File) (body int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if body = info.Size() - int64(sealSize); body < 0 {
		return 0, damaged("found %d bytes, fewer than any snapshot has", info.Size())
	}
	end := make([]byte, sealSize)
	if _, err := f.ReadAt(end, body); err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(end, seal(nil)) {
		return 0, damaged("its end is missing or altered: it was cut off, or is no snapshot")
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, withContext{ctx, io.NewSectionReader(f, 0, body)}); err != nil {
		return 0, err
	}
	if !bytes.Equal(end, seal(sum.Sum(nil))) {
		return 0, damaged("its bytes have another SHA-256 than its end says: it was altered")
	}
	return body, nil
}

// withContext stops reading when its context is done.
type withContext struct {
	ctx context.Context
	r   io.Reader
}

func (r withContext) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
