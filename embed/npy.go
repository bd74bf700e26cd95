package embed

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// The .npy format (NumPy Enhancement Proposal 1) is a magic string, a version,
// the length of a header, the header as a Python dictionary, and the numbers.
const npyMagic = "\x93NUMPY"

// maxNPYHeader bounds the header; NumPy itself refuses more than 10,000 bytes.
const maxNPYHeader = 10000

var npyHeader = regexp.MustCompile(`^\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([0-9, ]*)\),? *\} *\n?$`)

// npyNumbers reads a number of each type that is understood.
var npyNumbers = map[string]struct {
	bytes int
	read  func([]byte) float32
}{
	"<f4": {4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }},
	"<f8": {8, func(b []byte) float32 { return float32(math.Float64frombits(binary.LittleEndian.Uint64(b))) }},
	">f4": {4, func(b []byte) float32 { return math.Float32frombits(binary.BigEndian.Uint32(b)) }},
	">f8": {8, func(b []byte) float32 { return float32(math.Float64frombits(binary.BigEndian.Uint64(b))) }},
}

// writeNPY writes the matrix without the unknown word's row, byte for byte what
// numpy.save writes.
func (v *Vectors) writeNPY(w io.Writer) error {
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", v.Vocabulary.Len()-1, v.Size)
	const before, align = len(npyMagic) + 4, 64
	header += strings.Repeat(" ", align-1-(before+len(header))%align) + "\n"
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString(npyMagic + "\x01\x00")
	out.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(header))))
	out.WriteString(header)
	var raw [4]byte
	for _, x := range v.Data[v.Size:] {
		binary.LittleEndian.PutUint32(raw[:], math.Float32bits(x))
		if _, err := out.Write(raw[:]); err != nil {
			return err
		}
	}
	return out.Flush()
}

// npyShape reads everything before the numbers.
func npyShape(in io.Reader) (rows, columns int, kind string, err error) {
	start := make([]byte, len(npyMagic)+4)
	if _, err := io.ReadFull(in, start); err != nil || string(start[:len(npyMagic)]) != npyMagic {
		return 0, 0, "", fmt.Errorf("found %.20q, expected a NumPy file", start)
	}
	length := int(binary.LittleEndian.Uint16(start[8:]))
	switch version := start[6]; version {
	case 1:
	case 2, 3:
		high := make([]byte, 2)
		if _, err := io.ReadFull(in, high); err != nil {
			return 0, 0, "", fmt.Errorf("the file is cut off: %w", err)
		}
		length |= int(binary.LittleEndian.Uint16(high)) << 16
	default:
		return 0, 0, "", fmt.Errorf("found version %d of the NumPy format, expected 1 to 3", version)
	}
	if length > maxNPYHeader {
		return 0, 0, "", fmt.Errorf("found a header of %d bytes, expected at most %d", length, maxNPYHeader)
	}
	header := make([]byte, length)
	if _, err := io.ReadFull(in, header); err != nil {
		return 0, 0, "", fmt.Errorf("the file is cut off: %w", err)
	}
	m := npyHeader.FindSubmatch(header)
	if m == nil {
		return 0, 0, "", fmt.Errorf("found the header %.200q, expected descr, fortran_order and shape", header)
	}
	kind = string(m[1])
	if _, ok := npyNumbers[kind]; !ok {
		return 0, 0, "", fmt.Errorf("found numbers of type %q, expected <f4 or <f8; numpy's astype('float32') makes them", kind)
	}
	if string(m[2]) == "True" {
		return 0, 0, "", fmt.Errorf("found columns one after the other, expected rows; numpy.ascontiguousarray makes them")
	}
	first, second, _ := strings.Cut(string(m[3]), ",")
	rows, err1 := strconv.Atoi(strings.TrimSpace(first))
	columns, err2 := strconv.Atoi(strings.TrimSpace(second))
	if err1 != nil || err2 != nil || rows < 1 || rows > maxWords || columns < 1 || columns > maxSize {
		return 0, 0, "", fmt.Errorf("found the shape (%s), expected up to %d words of size up to %d", m[3], maxWords, maxSize)
	}
	return rows, columns, kind, nil
}

// readNPY reads a matrix and the vocabulary beside it.
func readNPY(r io.Reader, name string, kind fileKind, o ReadOptions) (*Vectors, error) {
	if o.Limit < 0 {
		return nil, fmt.Errorf("%s: a limit of %d words, expected 0 or more", name, o.Limit)
	}
	in := bufio.NewReaderSize(r, 1<<16)
	rows, columns, number, err := npyShape(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	wanted, lines := rows, rows+1 // a line too many is an error
	if o.Limit > 0 && o.Limit < rows {
		wanted, lines = o.Limit, o.Limit
	}
	words, err := openVocabulary(kind, lines)
	if err != nil {
		return nil, fmt.Errorf("the words of %s: %w", name, err)
	}
	if words.Len()-1 != wanted {
		return nil, fmt.Errorf("%s: found %d rows, but %s has %s words; one line belongs to each row", name, rows, kind.vocabularyPath(), countWords(words.Len()-1, rows))
	}
	b := &builder{options: o, size: columns}
	n := npyNumbers[number]
	b.room(rows, n.bytes)
	raw := make([]byte, columns*n.bytes)
	for row := 1; row <= wanted; row++ {
		if _, err := io.ReadFull(in, raw); err != nil {
			return nil, fmt.Errorf("%s: row %d of %d: the file is cut off: %w", name, row, rows, err)
		}
		for j := range columns {
			x := n.read(raw[j*n.bytes:])
			if !finite(x) {
				return nil, fmt.Errorf("%s: row %d, %q: found %v as number %d, expected a finite number", name, row, words.Word(int32(row)), x, j+1)
			}
			b.data = append(b.data, x)
		}
		id := int32(row)
		if o.Only != nil && b.wanted(words.Word(id)) {
			b.counts = append(b.counts, words.Count(id))
		}
		if o.Only != nil {
			b.add(words.Word(id)) // the vocabulary has checked it
		}
	}
	if wanted == rows {
		if _, err := in.ReadByte(); err == nil {
			return nil, fmt.Errorf("%s: found more after the %d rows that its header promises", name, rows)
		} else if !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if o.Only != nil {
		return b.vectors(name)
	}
	return &Vectors{Vocabulary: words, Size: columns, Data: b.data}, nil
}

// countWords says how many words a vocabulary has that was read up to one word
// more than there are rows.
func countWords(words, rows int) string {
	if words > rows {
		return "more"
	}
	return strconv.Itoa(words)
}
