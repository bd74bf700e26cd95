package crawl

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"wakong/crawl/warc"
)

// What became of an address is archived as a metadata record where no answer tells
// it: the network failed, or an answer broke off or was not read. With it an
// archive tells all that a crawl knew.
const (
	endingFailure = "failure"
	endingSkip    = "skip"
)

// ending is how an address ended whose archived answers do not tell.
type ending struct {
	kind, word string
	at         time.Time // when it was archived
}

// endingError is an ending as the crawler meets it again.
type endingError struct{ ending }

func (e endingError) Error() string { return "archived " + e.kind + ": " + e.word }

// endingMember is the record of an outcome; nothing where the answers tell it all.
func endingMember(address string, o outcome, answered bool, failed error, at time.Time) ([]byte, error) {
	var known endingError
	if errors.As(failed, &known) {
		at = known.at // archived before
	}
	var f ending
	switch {
	case o.Skip == SkipNotHTML && !answered:
		f = ending{endingSkip, o.Skip, at}
	case o.Failure != "" && !answered:
		f = ending{endingFailure, o.Failure, at}
	default:
		return nil, nil
	}
	block := fmt.Sprintf("%s: %s\r\n", f.kind, f.word)
	rec := warc.NewRecord(warc.TypeMetadata, address, warc.ContentFields, "", at, []byte(block))
	var b bytes.Buffer
	err := warc.WriteMember(&b, rec)
	return b.Bytes(), err
}

// endingOf reads such a record; false is another crawler's metadata.
func endingOf(rec *warc.Record) (ending, bool) {
	line, _, _ := strings.Cut(string(rec.Block), "\r\n")
	kind, word, ok := strings.Cut(line, ": ")
	return ending{kind, word, recordTime(rec)}, ok && (kind == endingFailure || kind == endingSkip)
}
