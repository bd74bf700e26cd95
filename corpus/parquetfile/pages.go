package parquetfile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// mostValues is the number of values of a column in a row group beyond which a file
// is refused: what a row group of so many bytes holds at 32 bytes each.
const mostValues = mostGroup / 32

// The library makes room for whatever a page says of itself: its sizes and numbers of
// values, how often a run repeats a value, what a dictionary's words add up to. A page
// of a hundred bytes could so fill any memory. Pages are looked at here before the
// library reads them, which takes no more memory than a page has bytes.

// A pageColumn is one column of a row group.
type pageColumn struct {
	parquet.LeafColumn
	meta *format.ColumnMetaData
}

// checkGroup tells what is wrong with the pages of a row group's columns, "" if
// nothing is.
func checkGroup(r io.ReaderAt, size int64, group *format.RowGroup, columns []parquet.LeafColumn) (found string) {
	unpacked := int64(0)
	for _, leaf := range columns {
		name := "column " + strings.Join(leaf.Path, ".")
		if leaf.ColumnIndex >= len(group.Columns) {
			return "no " + name
		}
		n, err := pageColumn{leaf, &group.Columns[leaf.ColumnIndex].MetaData}.check(r, size)
		if err != nil {
			return name + ": " + err.Error()
		}
		if unpacked += n; unpacked > mostGroup {
			return fmt.Sprintf("pages of more than %d MiB, unpacked", mostGroup>>20)
		}
	}
	return ""
}

// check walks over the column's pages and gives their size, unpacked.
func (c pageColumn) check(r io.ReaderAt, size int64) (unpacked int64, err error) {
	at := c.meta.DataPageOffset
	if c.meta.DictionaryPageOffset != 0 {
		at = c.meta.DictionaryPageOffset
	}
	length := c.meta.TotalCompressedSize
	if at < 0 || length < 0 || at > size || length > size-at {
		return 0, fmt.Errorf("%d bytes of pages from byte %d on, of %d", length, at, size)
	}
	values := int64(0)
	unpack := unpacker{codec: c.meta.Codec}
	defer unpack.close()
	for end := at + length; at < end; {
		h, n, err := readPageHeader(io.NewSectionReader(r, at, end-at))
		if err != nil {
			return 0, fmt.Errorf("a damaged page at byte %d: %w", at, err)
		}
		start := at
		at += int64(n)
		if h.CompressedPageSize < 0 || int64(h.CompressedPageSize) > end-at || h.UncompressedPageSize < 0 {
			return 0, fmt.Errorf("a page at byte %d of %d bytes, %d unpacked, where %d are left", start, h.CompressedPageSize, h.UncompressedPageSize, end-at)
		}
		if unpacked += int64(h.UncompressedPageSize); unpacked > mostGroup {
			return 0, fmt.Errorf("pages of more than %d MiB, unpacked", mostGroup>>20)
		}
		p := page{column: c, header: h}
		var headers []format.PageType // that are given
		if h.DataPageHeader.Valid {
			p.values, headers = int64(h.DataPageHeader.V.NumValues), append(headers, format.DataPage)
		}
		if h.DataPageHeaderV2.Valid {
			p.values, headers = int64(h.DataPageHeaderV2.V.NumValues), append(headers, format.DataPageV2)
		}
		if h.DictionaryPageHeader.Valid {
			p.values, headers = int64(h.DictionaryPageHeader.V.NumValues), append(headers, format.DictionaryPage)
		}
		if len(headers) != 1 || headers[0] != h.Type {
			return 0, fmt.Errorf("a page at byte %d of type %s with the headers of %v", start, h.Type, headers)
		}
		if values += p.values; p.values < 0 || values > mostValues {
			return 0, fmt.Errorf("more than %d values", mostValues)
		}
		if err := p.check(io.NewSectionReader(r, at, int64(h.CompressedPageSize)), &unpack); err != nil {
			return 0, fmt.Errorf("a page at byte %d: %w", start, err)
		}
		at += int64(h.CompressedPageSize)
	}
	return unpacked, nil
}

// mostHeader bounds a page's header, in which its smallest and its largest value may
// stand, as in the footer.
const mostHeader = mostFooter

// readPageHeader decodes the header from memory: from a file the library takes room
// for texts before it reads them.
func readPageHeader(r *io.SectionReader) (h *format.PageHeader, length int, err error) {
	for most := int64(4 << 10); ; most *= 16 {
		b := make([]byte, min(most, mostHeader, r.Size()))
		if _, err := r.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		in := (&thrift.CompactProtocol{}).NewReaderFromBytes(b)
		h := &format.PageHeader{}
		if err = thrift.NewDecoder(in).Decode(h); err == nil {
			return h, in.BytesRead(), nil
		}
		if most >= r.Size() || most >= mostHeader {
			return nil, 0, err
		}
	}
}

// A page is what a header says of it.
type page struct {
	column pageColumn
	header *format.PageHeader
	values int64
}

// check reads a page's bytes, unpacks them without keeping them, and looks whether
// they are as many as its header says and give no more values.
func (p page) check(packed *io.SectionReader, unpack *unpacker) error {
	size := int64(p.header.UncompressedPageSize)
	raw := bufio.NewReader(packed)
	if h := p.header.DataPageHeaderV2; h.Valid {
		// Levels are not packed.
		repetition, definition := int64(h.V.RepetitionLevelsByteLength), int64(h.V.DefinitionLevelsByteLength)
		if repetition < 0 || definition < 0 || repetition+definition > min(size, packed.Size()) {
			return fmt.Errorf("levels of %d and %d bytes", repetition, definition)
		}
		if err := p.checkLevels(io.LimitReader(raw, repetition), p.column.MaxRepetitionLevel, format.RLE); err != nil {
			return err
		}
		if err := p.checkLevels(io.LimitReader(raw, definition), p.column.MaxDefinitionLevel, format.RLE); err != nil {
			return err
		}
		if size -= repetition + definition; h.V.IsCompressed.Valid && !h.V.IsCompressed.V {
			unpack = &unpacker{codec: format.Uncompressed}
		}
	}
	unpacked, err := unpack.reader(raw, size)
	if err != nil {
		return err
	}
	counted := &io.LimitedReader{R: unpacked, N: size + 1}
	in := bufio.NewReader(counted)
	switch h := p.header; {
	case h.DataPageHeader.Valid:
		v := h.DataPageHeader.V
		if err = p.checkLengthAndLevels(in, p.column.MaxRepetitionLevel, v.RepetitionLevelEncoding); err == nil {
			err = p.checkLengthAndLevels(in, p.column.MaxDefinitionLevel, v.DefinitionLevelEncoding)
		}
		if err == nil {
			err = p.checkValues(in, v.Encoding)
		}
	case h.DataPageHeaderV2.Valid:
		err = p.checkValues(in, h.DataPageHeaderV2.V.Encoding)
	case h.DictionaryPageHeader.Valid:
		if e := h.DictionaryPageHeader.V.Encoding; e != format.Plain && e != format.PlainDictionary {
			err = fmt.Errorf("a dictionary in encoding %s", e)
		}
	}
	if err == nil {
		_, err = io.Copy(io.Discard, in)
	}
	if counted.N == 0 { // whatever came of what is cut off
		return fmt.Errorf("more than the %d bytes that it says it unpacks to", p.header.UncompressedPageSize)
	}
	return err
}

// checkLengthAndLevels reads the levels of a page of the first version.
func (p page) checkLengthAndLevels(in *bufio.Reader, most int, encoding format.Encoding) error {
	if most == 0 {
		return nil
	}
	var length uint32
	if err := binary.Read(in, binary.LittleEndian, &length); err != nil {
		return noEOF(err)
	}
	return p.checkLevels(io.LimitReader(in, int64(length)), most, encoding)
}

// checkLevels reads all of in, levels up to most.
func (p page) checkLevels(in io.Reader, most int, encoding format.Encoding) error {
	var err error
	if most > 0 && encoding == format.RLE { // the other one has no runs
		err = p.checkRuns(bufio.NewReader(in), uint64(bits.Len(uint(most))))
	}
	if err == nil {
		_, err = io.Copy(io.Discard, in)
	}
	return err
}

// checkValues reads what tells how many values there are.
func (p page) checkValues(in *bufio.Reader, encoding format.Encoding) error {
	switch encoding {
	case format.Plain: // each stands there
		return nil
	case format.PlainDictionary, format.RLEDictionary:
		width, err := in.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil // nothing but nulls
		}
		if err != nil {
			return err
		}
		return p.checkRuns(in, uint64(width))
	case format.DeltaLengthByteArray:
		var header [3]uint64 // sizes of a block, miniblocks in it, values
		for i := range header {
			var err error
			if header[i], err = binary.ReadUvarint(in); err != nil {
				if i == 0 && errors.Is(err, io.EOF) {
					return nil
				}
				return noEOF(err)
			}
		}
		if header[2] > uint64(p.values) {
			return fmt.Errorf("%d values, where its header says %d", header[2], p.values)
		}
		return nil
	}
	// DELTA_BYTE_ARRAY makes of a few bytes as many values of any length.
	return fmt.Errorf("the encoding %s; PLAIN, RLE_DICTIONARY and DELTA_LENGTH_BYTE_ARRAY are read", encoding)
}

// checkRuns reads runs of numbers of so many bits, each repeated or packed.
func (p page) checkRuns(in *bufio.Reader, width uint64) error {
	if width > 32 {
		return fmt.Errorf("numbers of %d bits", width)
	}
	// The last run is filled up, to eight numbers at least.
	for left := uint64(p.values) + 1024; ; {
		u, err := binary.ReadUvarint(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		count, skip := u>>1, (width+7)/8
		if count > mostValues {
			count = mostValues + 1
		}
		if u&1 != 0 {
			count, skip = 8*count, count*width
		}
		if count > left {
			return fmt.Errorf("a run of values beyond the %d that its header says", p.values)
		}
		left -= count
		if count == 0 {
			continue
		}
		if _, err := in.Discard(int(skip)); err != nil {
			return noEOF(err)
		}
	}
}

// noEOF is for an end where something has to follow.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
