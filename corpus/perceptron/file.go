package perceptron

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
)

// The file of a segmenter, all numbers little-endian:
//
//	magic        8 bytes   "WKWORDCT"
//	version      uint32    1
//	transitions  16 int16  those from B to each of the tags B M E S, then from M, E and S
//	rows         uint32    of the table that are not all zero
//	then for each, by ascending number:
//	  row        uint32    below 1048576
//	  weights    4 int16   of B, M, E and S
//	checksum     32 bytes  SHA-256 of all bytes before it
const (
	magic       = "WKWORDCT"
	version     = 1
	headerBytes = len(magic) + 4 + 2*tags*tags + 4
	rowBytes    = 4 + 2*tags
)

// Write writes the weights, in the documented form. The guide is not part of it.
func (s *Segmenter) Write(w io.Writer) error {
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16)
	b := append([]byte(nil), magic...)
	b = binary.LittleEndian.AppendUint32(b, version)
	for _, to := range s.table.transitions {
		b = appendWeights(b, to)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(s.table.rows()))
	for row, weights := range s.table.weights {
		if weights == [tags]int16{} {
			continue
		}
		if _, err := out.Write(b); err != nil {
			return fmt.Errorf("perceptron: writing a segmenter: %w", err)
		}
		b = appendWeights(binary.LittleEndian.AppendUint32(b[:0], uint32(row)), weights)
	}
	_, err := out.Write(b)
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		_, err = w.Write(sum.Sum(nil))
	}
	if err != nil {
		return fmt.Errorf("perceptron: writing a segmenter: %w", err)
	}
	return nil
}

func appendWeights(b []byte, weights [tags]int16) []byte {
	for _, w := range weights {
		b = binary.LittleEndian.AppendUint16(b, uint16(w))
	}
	return b
}

func (t *table) rows() (n int) {
	for _, w := range t.weights {
		if w != [tags]int16{} {
			n++
		}
	}
	return n
}

// Read reads a file that Write wrote. Name is for messages. The guide has to cut
// as that did which the segmenter has learned with.
func Read(r io.Reader, name string, guide Guide) (*Segmenter, error) {
	if guide == nil {
		return nil, errNoGuide
	}
	b, err := io.ReadAll(io.LimitReader(r, int64(headerBytes)+rowBytes<<tableBits+sha256.Size+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	fault := func(found string) error {
		return fmt.Errorf("%s: found %s, expected the file of a segmenter, as the stage segment writes it", name, found)
	}
	if len(b) < headerBytes+sha256.Size || !bytes.HasPrefix(b, []byte(magic)) {
		return nil, fault("other bytes")
	}
	if v := binary.LittleEndian.Uint32(b[len(magic):]); v != version {
		return nil, fault(fmt.Sprintf("version %d", v))
	}
	body := b[:len(b)-sha256.Size]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], b[len(body):]) {
		return nil, fault("a wrong checksum")
	}
	t := newTable()
	rest := body[len(magic)+4:]
	for from := range t.transitions {
		rest = readWeights(rest, &t.transitions[from])
	}
	count := binary.LittleEndian.Uint32(rest)
	rest = rest[4:]
	if uint64(len(rest)) != uint64(count)*rowBytes {
		return nil, fault(fmt.Sprintf("%d bytes of %d rows", len(rest), count))
	}
	for last := -1; len(rest) > 0; {
		row := binary.LittleEndian.Uint32(rest)
		if row >= 1<<tableBits || int(row) <= last {
			return nil, fault(fmt.Sprintf("row %d behind row %d", row, last))
		}
		last = int(row)
		rest = readWeights(rest[4:], &t.weights[row])
	}
	return &Segmenter{guide: guide, table: t}, nil
}

func readWeights(b []byte, weights *[tags]int16) []byte {
	for i := range weights {
		weights[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return b[2*tags:]
}
