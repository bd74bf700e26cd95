// Package header reads the header fields that a user wants sent to a site, and
// refuses those that would make the crawler dishonest or break its requests.
package header

import (
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Field is one header field.
type Field struct{ Name, Value string }

// own are the fields that the crawler sets itself, or net/http does.
var own = []string{
	"User-Agent", "Host", "Accept-Encoding", "Connection", "Content-Length", "Transfer-Encoding", "Te", "Trailer", "Upgrade",
	"Keep-Alive", "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Proxy-Authorization",
	"Proxy-Connection", "Expect",
}

// maxLength bounds a field.
const maxLength = 8 << 10

// Parse reads "Name: value". The name comes back in its canonical form.
func Parse(line string) (Field, error) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return Field{}, fmt.Errorf("found a text without a colon, expected \"Name: value\"")
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case len(line) > maxLength:
		return Field{}, fmt.Errorf("the field has %d bytes, at most %d are sent", len(line), maxLength)
	case !httpguts.ValidHeaderFieldName(name):
		return Field{}, fmt.Errorf("%q is no name of a header field", name)
	case value == "":
		return Field{}, fmt.Errorf("%s has no value", name)
	case !httpguts.ValidHeaderFieldValue(value):
		// The value itself may be a secret.
		return Field{}, fmt.Errorf("the value of %s has a line end or another control character in it", name)
	}
	name = textproto.CanonicalMIMEHeaderKey(name)
	if slices.Contains(own, name) {
		return Field{}, fmt.Errorf("%s is set by the crawler itself", name)
	}
	return Field{name, value}, nil
}

// Secret tells whether a field lets its sender in, so that its value must not be
// written down.
func (f Field) Secret() bool { return f.Name == "Authorization" || f.Name == "Cookie" }
