package warc

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Record types that a crawl writes, and TypeResource, a file archived as it is.
const (
	TypeInfo     = "warcinfo"
	TypeRequest  = "request"
	TypeResponse = "response"
	TypeMetadata = "metadata"
	TypeRevisit  = "revisit"
	TypeResource = "resource"
)

// Profiles of revisit records, which stand for an answer whose payload an earlier
// record holds.
const (
	ProfileIdentical   = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	ProfileNotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
)

// Content types of blocks.
const (
	ContentFields   = "application/warc-fields"
	ContentRequest  = "application/http; msgtype=request"
	ContentResponse = "application/http; msgtype=response"
)

// Field is one named field of a record's head.
type Field struct{ Name, Value string }

// Record is one WARC record. Fields keeps the order in which they are written;
// Content-Length is not among them, it follows from Block.
type Record struct {
	Version string // "WARC/1.1"; what was read, when read
	Fields  []Field
	Block   []byte
}

// Get returns the first field of that name, whose case does not matter, or "".
func (r *Record) Get(name string) string {
	for _, f := range r.Fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Set appends a field, unless value is empty.
func (r *Record) Set(name, value string) {
	if value != "" {
		r.Fields = append(r.Fields, Field{name, value})
	}
}

// Type is the record's WARC-Type in lower case.
func (r *Record) Type() string { return strings.ToLower(r.Get("WARC-Type")) }

// ID is the record's identifier without the angle brackets.
func (r *Record) ID() string { return strings.Trim(r.Get("WARC-Record-ID"), "<>") }

// NewRecord makes a record with its type, id, date, address and block digest.
//
// The id is a version 8 UUID (RFC 9562) of the SHA-256 over type, target, date,
// salt and block, so that the same exchange always has the same id. salt tells
// apart records that are otherwise equal, such as two attempts within a second.
func NewRecord(kind, target, contentType, salt string, date time.Time, block []byte) *Record {
	day := date.UTC().Format("2006-01-02T15:04:05Z")
	hash := sha256.New()
	for _, part := range []string{kind, target, day, salt} {
		fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	hash.Write(block)
	r := &Record{Version: "WARC/1.1", Block: block}
	r.Set("WARC-Type", kind)
	r.Set("WARC-Record-ID", "<"+uuid(hash.Sum(nil))+">")
	r.Set("WARC-Date", day)
	r.Set("WARC-Target-URI", target)
	r.Set("Content-Type", contentType)
	r.Set("WARC-Block-Digest", Digest(block))
	return r
}

func uuid(sum []byte) string {
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// Digest is the labelled digest of data: SHA-1 in base 32, which is what the
// archives of others hold too, so that payloads can be compared between them.
// It finds equal and damaged payloads; it is no protection against forgery.
func Digest(data []byte) string {
	sum := sha1.Sum(data)
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// CheckDigests compares the record's block and payload digests, where they are
// SHA-1, with what its block holds.
func (r *Record) CheckDigests() error {
	check := func(field string, data []byte) error {
		want := r.Get(field)
		if len(want) < 5 || !strings.EqualFold(want[:5], "sha1:") {
			return nil
		}
		if got := Digest(data); !strings.EqualFold(got, want) {
			return fmt.Errorf("warc: record %s: %s is %s, its bytes give %s", r.ID(), field, want, got)
		}
		return nil
	}
	if err := check("WARC-Block-Digest", r.Block); err != nil {
		return err
	}
	if _, payload, ok := bytes.Cut(r.Block, []byte("\r\n\r\n")); ok {
		return check("WARC-Payload-Digest", payload)
	}
	return nil
}

// WriteTo writes the record uncompressed.
func (r *Record) WriteTo(w io.Writer) (int64, error) {
	var head bytes.Buffer
	head.WriteString("WARC/1.1\r\n")
	for _, f := range r.Fields {
		head.WriteString(f.Name)
		head.WriteString(": ")
		head.WriteString(oneLine(f.Value))
		head.WriteString("\r\n")
	}
	head.WriteString("Content-Length: ")
	head.WriteString(strconv.Itoa(len(r.Block)))
	head.WriteString("\r\n\r\n")
	var total int64
	for _, part := range [][]byte{head.Bytes(), r.Block, []byte("\r\n\r\n")} {
		n, err := w.Write(part)
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// oneLine keeps a value from ending its line and so adding fields of its own.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return strings.NewReplacer("\r", " ", "\n", " ").Replace(s)
}
