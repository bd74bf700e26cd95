package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
)

// clozeRequest is the body of POST /v1/cloze.
type clozeRequest struct {
	Passage  *string  `json:"passage"`
	Passages []string `json:"passages"`
	Top      *int     `json:"top"`
	Detail   bool     `json:"detail"`
}

// check tells what is wrong with a request that was read.
func (r clozeRequest) check() error {
	switch {
	case (r.Passage == nil) == (r.Passages == nil):
		return errors.New(`expected either "passage" or "passages"`)
	case r.Passages != nil && (len(r.Passages) < 1 || len(r.Passages) > MaxPassages):
		return fmt.Errorf(`found %d "passages", expected 1 to %d`, len(r.Passages), MaxPassages)
	case r.Top != nil && (*r.Top < 1 || *r.Top > MaxTop):
		return fmt.Errorf(`found "top" %d, expected 1 to %d`, *r.Top, MaxTop)
	}
	return nil
}

// statusError is an error with the status that it is answered with.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

// readBody reads a JSON object into v. A body that is too long is refused by its
// Content-Length where it has one, before any of it is read.
func readBody(w http.ResponseWriter, r *http.Request, v any) error {
	tooLong := &statusError{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is longer than %d bytes", MaxBody)}
	if r.ContentLength > MaxBody {
		w.Header().Set("Connection", "close")
		return tooLong
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, MaxBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v)
	if err == nil {
		if _, err = decoder.Token(); err == io.EOF {
			return nil
		}
		if err == nil {
			err = errors.New("something stands behind the object")
		}
	}
	var long *http.MaxBytesError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &long):
		return tooLong
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &statusError{http.StatusRequestTimeout, "the body came too slowly"}
	case errors.As(err, &kind):
		place := "the body"
		if kind.Field != "" {
			place = strconv.Quote(kind.Field)
		}
		return &statusError{http.StatusUnprocessableEntity, fmt.Sprintf("%s is of the kind %s, expected %s", place, kind.Value, jsonName(kind.Type))}
	case strings.HasPrefix(err.Error(), "json: unknown field"):
		return &statusError{http.StatusUnprocessableEntity, strings.TrimPrefix(err.Error(), "json: ")}
	}
	return &statusError{http.StatusBadRequest, "the body is no JSON object: " + err.Error()}
}

// jsonName is what JSON calls a value of a type of requests.
func jsonName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "a list"
	case reflect.Struct:
		return "an object"
	case reflect.Bool:
		return "true or false"
	}
	return "a whole number"
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // escapes <, > and &
}

func writeError(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, map[string]string{"error": text})
}
