package embed

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wakong/internal/atomicfile"
	"wakong/internal/compressed"
	"wakong/vocab"
)

// A fileKind is what a path's extensions say.
type fileKind struct {
	format     Format
	compressed compressed.Kind
	base       string // the path without the extensions
}

// kindOf goes by the extension: .gz or .zst for the compression, before it
// .bin, .npy, or .txt and .vec for the text form. Published files of text often
// have other extensions or none, so that reading takes everything else for text.
func kindOf(path string) (kind fileKind, known bool) {
	plain, packed := compressed.Cut(path)
	extension := filepath.Ext(plain)
	kind = fileKind{compressed: packed, base: strings.TrimSuffix(plain, extension)}
	switch strings.ToLower(extension) {
	case ".bin":
		kind.format = FormatBinary
	case ".npy":
		kind.format = FormatNPY
	case ".txt", ".vec":
		kind.format = FormatText
	default:
		return kind, false
	}
	return kind, true
}

// vocabularyPath is where the words of a matrix stand.
func (k fileKind) vocabularyPath() string { return k.base + ".vocab.tsv" + k.compressed.Extension() }

// Open reads vectors from a file in the format that its extension names: .bin
// is word2vec's binary form, .npy a matrix, anything else text; behind it .gz or
// .zst says that the file is compressed. The words of NAME.npy stand beside it
// in NAME.vocab.tsv, compressed in the same way, "word<TAB>count" a line, row i
// of the matrix belonging to line i.
func Open(path string, o ReadOptions) (*Vectors, error) {
	kind, _ := kindOf(path)
	var v *Vectors
	err := openCompressed(path, kind.compressed, func(r io.Reader, size int64) (err error) {
		o.fileSize = size
		if kind.format == FormatNPY {
			v, err = readNPY(r, path, kind, o)
		} else {
			v, err = Read(r, path, kind.format, o)
		}
		return err
	})
	return v, err
}

// Files lists the files that vectors at a path stand in: the path itself, and
// for a matrix its vocabulary.
func Files(path string) []string {
	if kind, _ := kindOf(path); kind.format == FormatNPY {
		return []string{path, kind.vocabularyPath()}
	}
	return []string{path}
}

// Save writes the vectors to a file in the format that its extension names, as
// for [Open]; .txt and .vec are text with its first line. At every moment the
// path holds the old file or the whole new one; of a matrix and its vocabulary,
// both or no matrix.
func (v *Vectors) Save(path string) error {
	kind, known := kindOf(path)
	if !known {
		return fmt.Errorf("embed: %s: the extension tells no format; expected .txt, .vec, .bin or .npy, with .gz or .zst behind it for a compressed file", path)
	}
	if err := v.check(); err != nil {
		return err
	}
	// A device or a pipe would be replaced by a file.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("embed: %s is there and no regular file", path)
	}
	write := v.WriteText
	switch kind.format {
	case FormatBinary:
		write = v.WriteBinary
	case FormatNPY:
		write = v.writeNPY
		// The words of the new matrix must not stand beside the old one.
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("embed: %w", err)
		}
		if err := saveCompressed(kind.vocabularyPath(), kind.compressed, func(w io.Writer) error {
			_, err := v.Vocabulary.WriteTo(w)
			return err
		}); err != nil {
			return err
		}
	}
	return saveCompressed(path, kind.compressed, write)
}

func saveCompressed(path string, c compressed.Kind, write func(io.Writer) error) error {
	err := atomicfile.Write(path, func(w io.Writer) error { return c.Write(w, write) })
	if err != nil {
		return fmt.Errorf("embed: writing %s: %w", path, err)
	}
	return nil
}

// openCompressed reads a regular file. size is what there is to read, 0 where
// only reading it would tell.
func openCompressed(path string, c compressed.Kind, read func(r io.Reader, size int64) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("embed: %w", err)
	}
	// To open a named pipe would wait for a writer that may never come.
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: found no regular file (%v), expected a file of vectors", path, info.Mode().Type())
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("embed: %w", err)
	}
	defer f.Close()
	size := info.Size()
	if c != compressed.None {
		size = 0
	}
	r, err := c.Reader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer r.Close()
	return read(r, size)
}

// openVocabulary reads the first words of a matrix's vocabulary.
func openVocabulary(kind fileKind, words int) (v *vocab.Vocabulary, err error) {
	path := kind.vocabularyPath()
	err = openCompressed(path, kind.compressed, func(r io.Reader, _ int64) error {
		v, err = vocab.Read(&firstLines{r: r, left: words}, path)
		return err
	})
	return v, err
}

// firstLines ends after some lines.
type firstLines struct {
	r    io.Reader
	left int
}

func (f *firstLines) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, io.EOF
	}
	n, err := f.r.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			if f.left--; f.left == 0 {
				return i + 1, io.EOF
			}
		}
	}
	return n, err
}
