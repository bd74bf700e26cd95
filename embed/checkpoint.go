package embed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"
)

// A checkpoint is a line of JSON, both matrices row by row without padding as
// little-endian single precision, and the SHA-256 of all that.
const checkpointVersion = 1

type checkpointHeader struct {
	Version    int      `json:"version"`
	Params     Params   `json:"params"`
	Kernel     string   `json:"kernel"`
	Vocabulary string   `json:"vocabulary"` // SHA-256 of its table
	At         position `json:"at"`
}

func (t *trainer) header() (checkpointHeader, error) {
	sum := sha256.New()
	if _, err := t.vocabulary.WriteTo(sum); err != nil {
		return checkpointHeader{}, err
	}
	return checkpointHeader{Version: checkpointVersion, Params: t.params, Kernel: t.kernel.String(), Vocabulary: fmt.Sprintf("%x", sum.Sum(nil)), At: t.at}, nil
}

// save writes the checkpoint, if one is wanted, beside the old one and then
// renames it into its place.
func (t *trainer) save() (err error) {
	path := t.options.Checkpoint.Path
	if path == "" {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("embed: saving checkpoint: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("embed: saving checkpoint: %w", errors.Join(err, f.Close(), os.Remove(f.Name())))
		}
	}()
	if err := t.write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	t.saved = time.Now()
	return os.Rename(f.Name(), path)
}

func (t *trainer) write(w io.Writer) error {
	h, err := t.header()
	if err != nil {
		return err
	}
	line, err := json.Marshal(h)
	if err != nil {
		return err
	}
	sum := sha256.New()
	out := io.MultiWriter(w, sum)
	if _, err := out.Write(append(line, '\n')); err != nil {
		return err
	}
	row := stride(t.params.Size)
	var buf []byte
	for _, m := range [][]float32{t.input, t.output} {
		for at := 0; at < len(m); at += row {
			for _, x := range m[at : at+t.params.Size] {
				buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
			}
			if len(buf) >= 1<<16 || at+row == len(m) {
				if _, err := out.Write(buf); err != nil {
					return err
				}
				buf = buf[:0]
			}
		}
	}
	_, err = w.Write(sum.Sum(nil))
	return err
}

// resume takes up the checkpoint, if there is one. One that is damaged or
// belongs to another training is reported and left aside: training from the
// start gives the same vectors.
func (t *trainer) resume() {
	path := t.options.Checkpoint.Path
	if path == "" {
		return
	}
	if err := t.load(path); err != nil && !errors.Is(err, fs.ErrNotExist) && t.options.Notice != nil {
		t.options.Notice(fmt.Sprintf("checkpoint not used, training starts anew: %v", err))
	}
}

func (t *trainer) load(path string) error {
	row, size := stride(t.params.Size), t.params.Size
	want, err := t.header()
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	matrices := int64(2 * t.vocabulary.Len() * size * 4)
	if most := matrices + 1<<16; info.Size() > most {
		return fmt.Errorf("%s: found %d bytes, expected at most %d", path, info.Size(), most)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if len(raw) < sha256.Size {
		return fmt.Errorf("%s: the checkpoint is cut off", path)
	}
	body := raw[:len(raw)-sha256.Size]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], raw[len(body):]) {
		return fmt.Errorf("%s: the checkpoint's checksum does not match", path)
	}
	line, numbers, _ := bytes.Cut(body, []byte("\n"))
	var got checkpointHeader
	if err := json.Unmarshal(line, &got); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	at := got.At
	if got.At = want.At; got != want {
		return fmt.Errorf("%s: the checkpoint belongs to another training", path)
	}
	if int64(len(numbers)) != matrices || at.Epoch < 0 || at.Epoch > t.params.Epochs || at.Chunk < 0 || at.Done < 0 {
		return fmt.Errorf("%s: the checkpoint's numbers do not fit the vocabulary", path)
	}
	for _, m := range [][]float32{t.input, t.output} {
		for r := 0; r < len(m); r += row {
			for j := range size {
				m[r+j] = math.Float32frombits(binary.LittleEndian.Uint32(numbers))
				numbers = numbers[4:]
			}
		}
	}
	t.at = at
	return nil
}
