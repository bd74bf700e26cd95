package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	data "wakong/testdata/demo"
)

// Host is the virtual host and port of the site.
const Host = "tales.example:80"

// CaptureTime is the time that the archive says the pages were fetched at.
func CaptureTime() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// Digest is the SHA-256 of all the site's files, in lower-case hexadecimal: the
// site is an input of the crawl that is no file.
func Digest() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(data.FS, "site", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(data.FS, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s\x00%d\x00", name, len(content))
		h.Write(content)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("demonstration: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Serve serves the site on a free loopback port until stop is called, and
// returns the address to dial.
func Serve() (address string, stop func() error, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("demonstration: serving the tales: %w", err)
	}
	server := &http.Server{Handler: http.HandlerFunc(servePage), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	return listener.Addr().String(), func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}

var types = map[string]string{
	// Without a charset: the pages say it themselves, one of them another.
	".html": "text/html", ".css": "text/css", ".txt": "text/plain",
}

// servePage answers without the header Date, so that the archive of the answers
// is the same in every run.
func servePage(w http.ResponseWriter, r *http.Request) {
	w.Header()["Date"] = nil
	name := path.Clean("/" + r.URL.Path)
	if name == "/" {
		name = "/index.html"
	}
	content, err := fs.ReadFile(data.FS, "site"+name)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if err != nil {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<!DOCTYPE html><title>404</title>\n")
		return
	}
	kind := types[strings.ToLower(path.Ext(name))]
	if kind == "" {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content)
}
