package embed

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"

	"wakong/internal/atomicfile"
)

// A checkpoint file is the magic line, the length of the header (uint32), the
// header as JSON, the two matrices with their padding (float32), and the
// SHA-256 of all that; numbers are little-endian.
const (
	checkpointMagic = "wakong skip-gram checkpoint 2\n"
	maxHeader       = 1 << 16
)

// checkpointHeader says what a checkpoint belongs to and how far it is. All
// but position and losses must be equal for a training to go on from it.
type checkpointHeader struct {
	Params     Params   `json:"params"`
	Kernel     string   `json:"kernel"`
	Text       string   `json:"text"`            // digest of the text's ids
	Vocabulary string   `json:"vocabulary"`      // digest of words and counts
	Start      string   `json:"start,omitempty"` // digest of both matrices as they begin, "" at random
	Rows       int      `json:"rows"`
	Stride     int      `json:"stride"`
	Position   position `json:"position"`
	Losses     curve    `json:"losses"`
}

func (t *trainer) header() (checkpointHeader, error) {
	words := sha256.New()
	if _, err := t.vocabulary.WriteTo(words); err != nil {
		return checkpointHeader{}, err
	}
	p := t.p
	p.MinCount = 0 // shows in the vocabulary, if at all
	p.Engine = EngineSkipGram
	return checkpointHeader{
		Params: p, Kernel: t.kernel.String(),
		Text: hex.EncodeToString(t.text.digest[:]), Vocabulary: hex.EncodeToString(words.Sum(nil)),
		Start: t.start,
		Rows:  t.vocabulary.Len(), Stride: t.parts * t.width, Position: t.at, Losses: t.losses,
	}, nil
}

func (t *trainer) every() int64 {
	if t.o.Checkpoint.Every > 0 {
		return t.o.Checkpoint.Every
	}
	return max(2_000_000, 10*int64(t.vocabulary.Len()))
}

// save replaces the checkpoint; a kill at any moment leaves the old or the new.
func (t *trainer) save() error {
	path := t.o.Checkpoint.Path
	if err := t.saveTo(path); err != nil {
		return fmt.Errorf("embed: saving checkpoint %s: %w", path, err)
	}
	t.saved = t.at.Words
	return nil
}

func (t *trainer) saveTo(path string) (err error) {
	header, err := t.header()
	if err != nil {
		return err
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(f io.Writer) error {
		sum := sha256.New()
		w := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<16)
		w.WriteString(checkpointMagic)
		w.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(text))))
		w.Write(text)
		writeFloats(w, t.in)
		writeFloats(w, t.out)
		if err := w.Flush(); err != nil {
			return err
		}
		_, err := f.Write(sum.Sum(nil))
		return err
	})
}

// resume takes up the checkpoint, if there is one that fits.
func (t *trainer) resume() error {
	path := t.o.Checkpoint.Path
	if path == "" {
		return nil
	}
	if t.o.Start != nil {
		t.start = t.matricesDigest()
	}
	err := t.load(path)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if t.o.Notice != nil {
		t.o.Notice(fmt.Sprintf("checkpoint %s not used, training starts anew: %v", path, err))
	}
	t.at = position{}
	clear(t.in)
	clear(t.out)
	t.initialize()
	return nil
}

func (t *trainer) load(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	r := &summed{bufio.NewReaderSize(f, 1<<16), sum}
	magic := make([]byte, len(checkpointMagic)+4)
	if _, err := io.ReadFull(r, magic); err != nil || !bytes.HasPrefix(magic, []byte(checkpointMagic)) {
		return errors.New("found another kind of file, expected a skip-gram checkpoint")
	}
	length := binary.LittleEndian.Uint32(magic[len(checkpointMagic):])
	if length > maxHeader {
		return fmt.Errorf("found a header of %d bytes, expected %d at most", length, maxHeader)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return fmt.Errorf("reading its header: %w", err)
	}
	var found checkpointHeader
	if err := json.Unmarshal(text, &found); err != nil {
		return fmt.Errorf("reading its header: %w", err)
	}
	want, err := t.header()
	if err != nil {
		return err
	}
	if reason := found.differs(want); reason != "" {
		return fmt.Errorf("it belongs to another training: %s", reason)
	}
	if err := readFloats(r, t.in); err != nil {
		return fmt.Errorf("it is damaged: %w", err)
	}
	if err := readFloats(r, t.out); err != nil {
		return fmt.Errorf("it is damaged: %w", err)
	}
	computed := sum.Sum(nil)
	stored := make([]byte, len(computed)+1)
	if n, _ := io.ReadFull(r, stored); n != len(computed) || !bytes.Equal(stored[:n], computed) {
		return errors.New("it is damaged: the checksum differs")
	}
	t.at, t.losses = found.Position, found.Losses
	return nil
}

// differs says in words what a checkpoint has otherwise than wanted, "" for
// nothing.
func (h checkpointHeader) differs(want checkpointHeader) string {
	switch {
	case h.Params != want.Params:
		return fmt.Sprintf("found the parameters %+v, expected %+v", h.Params, want.Params)
	case h.Kernel != want.Kernel:
		return fmt.Sprintf("found the kernel %s, expected %s", h.Kernel, want.Kernel)
	case h.Vocabulary != want.Vocabulary || h.Rows != want.Rows || h.Stride != want.Stride:
		return "the vocabulary differs"
	case h.Start != want.Start:
		return "the vectors to start from differ"
	case h.Text != want.Text:
		return "the text differs"
	}
	return ""
}

// matricesDigest tells one start from another.
func (t *trainer) matricesDigest() string {
	sum := sha256.New()
	writeFloats(sum, t.in)
	writeFloats(sum, t.out)
	return hex.EncodeToString(sum.Sum(nil))
}

// summed adds up what is read.
type summed struct {
	r   io.Reader
	sum hash.Hash
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum.Write(p[:n])
	return n, err
}

// floatsAtOnce bounds the buffer between floats and bytes.
const floatsAtOnce = 1 << 12

func writeFloats(w io.Writer, x []float32) error {
	raw := make([]byte, 0, 4*floatsAtOnce)
	for len(x) > 0 {
		n := min(len(x), floatsAtOnce)
		raw, _ = binary.Append(raw[:0], binary.LittleEndian, x[:n])
		if _, err := w.Write(raw); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}

func readFloats(r io.Reader, x []float32) error {
	raw := make([]byte, 4*floatsAtOnce)
	for len(x) > 0 {
		n := min(len(x), floatsAtOnce)
		if _, err := io.ReadFull(r, raw[:4*n]); err != nil {
			return err
		}
		if _, err := binary.Decode(raw[:4*n], binary.LittleEndian, x[:n]); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}
