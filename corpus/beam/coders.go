package beam

import (
	"encoding/json"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"wakong/corpus"
)

func init() {
	beam.RegisterCoder(reflect.TypeFor[Kept](), packKept, unpackKept)
	beam.RegisterCoder(reflect.TypeFor[Copies](), packCopies, unpackCopies)
	beam.RegisterCoder(reflect.TypeFor[Named](), packNamed, unpackNamed)
	beam.RegisterCoder(reflect.TypeFor[Renamed](), packRenamed, unpackRenamed)
	beam.RegisterCoder(reflect.TypeFor[Shard](), packShard, unpackShard)
	beam.RegisterCoder(reflect.TypeFor[Leak](), packLeak, unpackLeak)
	beam.RegisterCoder(reflect.TypeFor[FilesReport](), packFilesReport, unpackFilesReport)
	beam.RegisterCoder(reflect.TypeFor[Written](), packWritten, unpackWritten)
	beam.RegisterCoder(reflect.TypeFor[Tally](), packTally, unpackTally)
	beam.RegisterCoder(reflect.TypeFor[CopyTally](), packCopyTally, unpackCopyTally)
	beam.RegisterCoder(reflect.TypeFor[BuildTally](), packBuildTally, unpackBuildTally)
}

func packDoc(d Doc) []byte {
	p := packer{make([]byte, 0, len(d.Cleaned)+512)}
	p.number(d.At)
	p.length(d.Paragraphs)
	p.document(d.Document)
	p.text(d.Document.File)
	p.number(int64(d.Document.Line))
	p.number(int64(d.Document.Rank))
	p.text(d.Document.Resegment)
	p.text(d.Cleaned)
	p.b = append(p.b, d.Item.Hash[:]...)
	p.text(string(d.Item.Signature))
	p.number(int64(d.Item.Characters))
	p.length(len(d.Steps))
	for _, s := range d.Steps {
		p.text(s.Name)
		p.number(s.Documents)
		p.number(s.Characters)
		p.number(s.Removed)
		p.examples(s.Examples)
	}
	p.length(len(d.Mojibake))
	for _, m := range d.Mojibake {
		p.text(m.Kind)
		p.number(m.Documents)
		p.number(m.Characters)
		if m.Repairable {
			p.length(1)
		} else {
			p.length(0)
		}
		p.examples(m.Examples)
	}
	return p.b
}

func unpackDoc(b []byte) (Doc, error) {
	u := unpacker{b: b}
	var d Doc
	d.At = u.number()
	d.Paragraphs = u.count()
	d.Document = u.document()
	d.Document.File = u.text()
	d.Document.Line = int(u.number())
	d.Document.Rank = int(u.number())
	d.Document.Resegment = u.text()
	d.Cleaned = u.text()
	u.fixed(d.Item.Hash[:])
	if s := u.bytes(); len(s) > 0 {
		d.Item.Signature = append(d.Item.Signature, s...)
	}
	d.Item.Characters = int(u.number())
	if n := u.length(); n > 0 {
		d.Steps = make([]corpus.StepCount, n)
	}
	for i := range d.Steps {
		d.Steps[i] = corpus.StepCount{Name: u.text(), Documents: u.number(), Characters: u.number(), Removed: u.number(), Examples: u.examples()}
	}
	for range u.length() {
		d.Mojibake = append(d.Mojibake, corpus.MojibakeCount{Kind: u.text(), Documents: u.number(), Characters: u.number(),
			Repairable: u.count() == 1, Examples: u.examples()})
	}
	return d, u.done()
}

// count reads a small number that is no length.
func (u *unpacker) count() int {
	n := 0
	for shift := 0; ; shift += 7 {
		if len(u.b) == 0 || shift > 56 {
			u.err = errCutOff
			return 0
		}
		c := u.b[0]
		u.b = u.b[1:]
		n |= int(c&0x7F) << shift
		if c < 0x80 {
			return n
		}
	}
}

func (p *packer) examples(list []corpus.StepExample) {
	p.length(len(list))
	for _, e := range list {
		p.text(e.Document)
		p.text(e.Before)
		p.text(e.After)
	}
}

func (u *unpacker) examples() []corpus.StepExample {
	var list []corpus.StepExample
	for range u.length() {
		list = append(list, corpus.StepExample{Document: u.text(), Before: u.text(), After: u.text()})
	}
	return list
}

// document packs what a document's JSON has.
func (p *packer) document(d corpus.Document) {
	for _, s := range []string{d.ID, d.Title, d.Source, d.URL, d.Text} {
		p.text(s)
	}
	p.length(len(d.Sentences))
	for _, s := range d.Sentences {
		p.texts(s)
	}
}

func (u *unpacker) document() corpus.Document {
	d := corpus.Document{ID: u.text(), Title: u.text(), Source: u.text(), URL: u.text(), Text: u.text()}
	if n := u.length(); n > 0 {
		d.Sentences = make([][]string, n)
	}
	for i := range d.Sentences {
		d.Sentences[i] = u.texts()
	}
	return d
}

func packSegmented(d Segmented) []byte {
	p := packer{make([]byte, 0, 8<<10)}
	p.number(d.At)
	p.document(d.Document)
	return p.b
}

func unpackSegmented(b []byte) (Segmented, error) {
	u := unpacker{b: b}
	d := Segmented{At: u.number(), Document: u.document()}
	return d, u.done()
}

func packKept(k Kept) []byte {
	var p packer
	p.number(k.At)
	p.number(int64(k.Position))
	return p.b
}

func unpackKept(b []byte) (Kept, error) {
	u := unpacker{b: b}
	k := Kept{u.number(), int(u.number())}
	return k, u.done()
}

func packCopies(c Copies) []byte {
	p := packer{make([]byte, 0, 256)}
	p.number(c.Count)
	p.number(c.Characters)
	p.number(int64(c.Best.Rank))
	p.text(c.Best.ID)
	p.number(int64(c.Best.Position))
	p.b = append(p.b, c.Best.Hash[:]...)
	p.number(c.Best.At)
	p.number(c.Best.Unit)
	p.number(int64(c.Best.Characters))
	p.texts(c.Removed)
	p.text(string(c.Signature))
	return p.b
}

func unpackCopies(b []byte) (Copies, error) {
	u := unpacker{b: b}
	c := Copies{Count: u.number(), Characters: u.number()}
	c.Best.Rank, c.Best.ID, c.Best.Position = int(u.number()), u.text(), int(u.number())
	u.fixed(c.Best.Hash[:])
	c.Best.At, c.Best.Unit, c.Best.Characters = u.number(), u.number(), int(u.number())
	c.Removed = u.texts()
	if s := u.bytes(); len(s) > 0 {
		c.Signature = append(c.Signature, s...)
	}
	return c, u.done()
}

func packNamed(n Named) []byte {
	var p packer
	p.number(n.At)
	p.number(n.Unit)
	p.text(n.ID)
	p.b = append(p.b, n.Hash[:]...)
	return p.b
}

func unpackNamed(b []byte) (Named, error) {
	u := unpacker{b: b}
	n := Named{At: u.number(), Unit: u.number(), ID: u.text()}
	u.fixed(n.Hash[:])
	return n, u.done()
}

func packRenamed(r Renamed) []byte {
	var p packer
	p.number(r.At)
	p.text(r.ID)
	return p.b
}

func unpackRenamed(b []byte) (Renamed, error) {
	u := unpacker{b: b}
	r := Renamed{u.number(), u.text()}
	return r, u.done()
}

func packShard(v Shard) ([]byte, error)             { return json.Marshal(v) }
func packLeak(v Leak) ([]byte, error)               { return json.Marshal(v) }
func packFilesReport(v FilesReport) ([]byte, error) { return json.Marshal(v) }
func packWritten(v Written) ([]byte, error)         { return json.Marshal(v) }
func packTally(v Tally) ([]byte, error)             { return json.Marshal(v) }
func packCopyTally(v CopyTally) ([]byte, error)     { return json.Marshal(v) }
func packBuildTally(v BuildTally) ([]byte, error)   { return json.Marshal(v) }

func unpackShard(b []byte) (Shard, error)             { return fromJSON[Shard](b) }
func unpackLeak(b []byte) (Leak, error)               { return fromJSON[Leak](b) }
func unpackFilesReport(b []byte) (FilesReport, error) { return fromJSON[FilesReport](b) }
func unpackWritten(b []byte) (Written, error)         { return fromJSON[Written](b) }
func unpackTally(b []byte) (Tally, error)             { return fromJSON[Tally](b) }
func unpackCopyTally(b []byte) (CopyTally, error)     { return fromJSON[CopyTally](b) }
func unpackBuildTally(b []byte) (BuildTally, error)   { return fromJSON[BuildTally](b) }

func fromJSON[T any](b []byte) (T, error) {
	var v T
	err := json.Unmarshal(b, &v)
	return v, err
}
