package parquetfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"wakong/corpus"
)

// Files of other programs are read, however they are packed and encoded.
func TestPagesOfOthers(t *testing.T) {
	type dictionaries struct {
		ID        string   `parquet:"id,dict"`
		Title     string   `parquet:"title,dict"`
		Source    string   `parquet:"source,dict"`
		URL       string   `parquet:"url,plain"`
		Text      string   `parquet:"text,dict"`
		Sentences []string `parquet:"sentences,list,dict"`
	}
	type optionals struct {
		More      int64    `parquet:"more"`
		ID        *string  `parquet:"id,optional"`
		Title     *string  `parquet:"title,optional,dict"`
		Source    *string  `parquet:"source,optional"`
		URL       *string  `parquet:"url,optional,dict"`
		Text      *string  `parquet:"text,optional"`
		Sentences []string `parquet:"sentences,list,optional"`
	}
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	var original []corpus.Document
	for i := range 300 {
		d := documents[i%2]
		d.ID = strings.Repeat("a", i+1)
		original = append(original, d)
	}
	for _, version := range []int{1, 2} {
		for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Zstd, &parquet.Snappy, &parquet.Gzip, &parquet.Brotli, &parquet.Lz4Raw} {
			options := []parquet.WriterOption{parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(1 << 10), parquet.DataPageStatistics(true)}
			var plain, packed, sparse bytes.Buffer
			a, b, c := parquet.NewGenericWriter[document](&plain, options...), parquet.NewGenericWriter[dictionaries](&packed, options...), parquet.NewGenericWriter[optionals](&sparse, options...)
			for i, d := range original {
				row, _ := documentRow(d)
				_, err := a.Write([]document{row})
				if err == nil {
					_, err = b.Write([]dictionaries{dictionaries(row)})
				}
				if err == nil {
					_, err = c.Write([]optionals{{int64(i), &row.ID, text(row.Title), text(row.Source), text(row.URL), text(row.Text), row.Sentences}})
				}
				if i == 100 && err == nil {
					err = errors.Join(a.Flush(), b.Flush(), c.Flush())
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(a.Close(), b.Close(), c.Close()); err != nil {
				t.Fatal(err)
			}
			for kind, file := range map[string][]byte{"plain": plain.Bytes(), "dictionaries": packed.Bytes(), "optional": sparse.Bytes()} {
				i := 0
				for d, err := range ReadDocuments(bytes.NewReader(file), int64(len(file)), "f") {
					if err != nil {
						t.Fatalf("%s, %s, version %d: %v", kind, codec, version, err)
					}
					if d.Line != i+1 {
						t.Errorf("line %d, want %d", d.Line, i+1)
					}
					if d.File, d.Line = "", 0; !reflect.DeepEqual(d, original[i]) {
						t.Fatalf("%s, %s, version %d: got %+v, want %+v", kind, codec, version, d, original[i])
					}
					i++
				}
				if i != len(original) {
					t.Errorf("%s, %s, version %d: %d of %d", kind, codec, version, i, len(original))
				}
			}
		}
	}
}

// newPageFile is a file of one document whose column sentences has other pages.
func newPageFile(t *testing.T, codec format.CompressionCodec, pages ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := WriteDocuments(&b, each(documents[:1])); err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()), parquet.SkipPageIndex(true))
	if err != nil {
		t.Fatal(err)
	}
	meta := *f.Metadata()
	column, _ := f.Schema().Lookup("sentences", "list", "element")
	chunk := &meta.RowGroups[0].Columns[column.ColumnIndex].MetaData
	footer := b.Len() - 8 - int(binary.LittleEndian.Uint32(b.Bytes()[b.Len()-8:]))
	out := b.Bytes()[:footer]
	chunk.DictionaryPageOffset, chunk.DataPageOffset, chunk.TotalCompressedSize, chunk.Codec = 0, int64(len(out)), 0, codec
	for _, p := range pages {
		out = append(out, p...)
		chunk.TotalCompressedSize += int64(len(p))
	}
	m, err := thrift.Marshal(&thrift.CompactProtocol{}, &meta)
	if err != nil {
		t.Fatal(err)
	}
	out = append(out, m...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(m))), "PAR1"...)
}

// aPage is a page with its header, whose sizes are right where they are 0.
func aPage(t *testing.T, h format.PageHeader, data []byte) []byte {
	t.Helper()
	if h.CompressedPageSize == 0 {
		h.CompressedPageSize = int32(len(data))
	}
	if h.UncompressedPageSize == 0 {
		h.UncompressedPageSize = h.CompressedPageSize
	}
	b, err := thrift.Marshal(&thrift.CompactProtocol{}, &h)
	if err != nil {
		t.Fatal(err)
	}
	return append(b, data...)
}

// run is count times a number of one byte.
func run(count uint64, number byte) []byte {
	return append(binary.AppendUvarint(nil, count<<1), number)
}

// levels is a list of so many elements in one row, as a page of the first version has
// them.
func levels(repetition, definition []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(repetition)))
	b = binary.LittleEndian.AppendUint32(append(b, repetition...), uint32(len(definition)))
	return append(b, definition...)
}

// What a page says of itself asks for no memory.
func TestPageClaims(t *testing.T) {
	dictionary := func(word string) []byte {
		data := append(binary.LittleEndian.AppendUint32(nil, uint32(len(word))), word...)
		return aPage(t, format.PageHeader{Type: format.DictionaryPage, DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: 1})}, data)
	}
	values := func(n int32, encoding format.Encoding) format.PageHeader {
		return format.PageHeader{Type: format.DataPage, DataPageHeader: thrift.New(format.DataPageHeader{
			NumValues: n, Encoding: encoding, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE})}
	}
	list := func(n uint64) []byte {
		return levels(append(run(1, 0), run(n-1, 1)...), run(n, 1))
	}
	indexes := func(n uint64) []byte { return append([]byte{1}, run(n, 0)...) }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	const huge = 1<<31 - 1
	tooFar := values(3, format.RLEDictionary)
	tooFar.CompressedPageSize = 1 << 30
	tooMuch := values(3, format.RLEDictionary)
	tooMuch.UncompressedPageSize = mostGroup + 1
	packed, err := parquet.Zstd.Encode(nil, join(list(3), indexes(3), make([]byte, 1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	tooLittle := values(3, format.RLEDictionary)
	tooLittle.UncompressedPageSize = 100
	both := values(3, format.RLEDictionary)
	both.DictionaryPageHeader = thrift.New(format.DictionaryPageHeader{NumValues: huge})
	second := format.PageHeader{Type: format.DataPageV2, DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
		NumValues: 3, NumRows: 1, Encoding: format.RLEDictionary, RepetitionLevelsByteLength: 4, DefinitionLevelsByteLength: huge})}
	delta := func(n uint64) []byte {
		return join(binary.AppendUvarint(nil, 128), binary.AppendUvarint(nil, 4), binary.AppendUvarint(nil, n), []byte{0, 0})
	}
	for name, c := range map[string]struct {
		codec format.CompressionCodec
		pages [][]byte
		want  string // in the error, "" for none
	}{
		"well":              {format.Uncompressed, [][]byte{dictionary("好"), aPage(t, values(3, format.RLEDictionary), join(list(3), indexes(3)))}, ""},
		"values":            {format.Uncompressed, [][]byte{dictionary("好"), aPage(t, values(huge, format.RLEDictionary), join(list(huge), indexes(huge)))}, "more than 33554432 values"},
		"many pages":        {format.Uncompressed, [][]byte{dictionary("好"), aPage(t, values(mostValues/2, format.RLEDictionary), join(list(mostValues/2), indexes(mostValues/2))), aPage(t, values(mostValues/2, format.RLEDictionary), join(list(mostValues/2), indexes(mostValues/2)))}, "more than 33554432 values"},
		"words":             {format.Uncompressed, [][]byte{aPage(t, format.PageHeader{Type: format.DictionaryPage, DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: huge})}, []byte{0, 0, 0, 0})}, "more than 33554432 values"},
		"run":               {format.Uncompressed, [][]byte{dictionary("好"), aPage(t, values(3, format.RLEDictionary), join(list(3), indexes(huge)))}, "a run of values beyond the 3"},
		"runs of nothing":   {format.Uncompressed, [][]byte{dictionary("好"), aPage(t, values(3, format.RLEDictionary), join(list(3), []byte{0}, binary.AppendUvarint(nil, huge)))}, "a run of values beyond the 3"},
		"levels":            {format.Uncompressed, [][]byte{dictionary("好"), aPage(t, values(3, format.RLEDictionary), join(list(huge), indexes(3)))}, "a run of values beyond the 3"},
		"lengths":           {format.Uncompressed, [][]byte{aPage(t, values(3, format.DeltaLengthByteArray), join(list(3), delta(huge)))}, "2147483647 values, where its header says 3"},
		"prefixes":          {format.Uncompressed, [][]byte{aPage(t, values(3, format.DeltaByteArray), join(list(3), delta(3)))}, "the encoding DELTA_BYTE_ARRAY"},
		"beyond the file":   {format.Uncompressed, [][]byte{dictionary("好"), aPage(t, tooFar, join(list(3), indexes(3)))}, "of 1073741824 bytes"},
		"unpacked":          {format.Uncompressed, [][]byte{dictionary("好"), aPage(t, tooMuch, join(list(3), indexes(3)))}, "pages of more than 1024 MiB, unpacked"},
		"more than it says": {format.Zstd, [][]byte{aPage(t, tooLittle, packed)}, "more than the 100 bytes that it says it unpacks to"},
		"lz4":               {format.Lz4Raw, [][]byte{aPage(t, values(3, format.RLEDictionary), []byte{0xFF, 0xFF})}, "where it says that it unpacks to 2 bytes"},
		"two headers":       {format.Uncompressed, [][]byte{aPage(t, both, join(list(3), indexes(3)))}, "with the headers of [DATA_PAGE DICTIONARY_PAGE]"},
		"second version":    {format.Uncompressed, [][]byte{aPage(t, second, join(run(1, 0), run(2, 1)))}, "levels of 4 and 2147483647 bytes"},
		"no page":           {format.Uncompressed, [][]byte{{0xFF, 0xFF}}, "a damaged page"},
		"row":               {format.Uncompressed, [][]byte{dictionary(strings.Repeat("好", 1<<20)), aPage(t, values(1<<10, format.RLEDictionary), join(list(1<<10), indexes(1<<10)))}, "a row of 1029 values and more than 1024 MiB"},
	} {
		file := newPageFile(t, c.codec, c.pages...)
		n := 0
		for d, err := range ReadDocuments(bytes.NewReader(file), int64(len(file)), "f") {
			n++
			if c.want == "" {
				if err != nil || len(d.Sentences) != 3 || d.Sentences[2][0] != "好" {
					t.Errorf("%s: %v, %v", name, d.Sentences, err)
				}
				continue
			}
			var fault *corpus.InputError
			if !errors.As(err, &fault) || fault.File != "f" || fault.Line != 1 || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %s", name, err, c.want)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d rows", name, n)
		}
	}
}
