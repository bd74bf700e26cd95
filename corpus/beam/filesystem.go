package beam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	// The file systems that paths may name.
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/gcs"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/s3"

	"wakong/corpus"
	"wakong/internal/atomicfile"
	"wakong/internal/compressed"
)

// schemeOf is what stands in front of "://", "" for a path of this machine.
func schemeOf(path string) string {
	scheme, _, found := strings.Cut(path, "://")
	if !found {
		return ""
	}
	return scheme
}

// fileSystem is where a path lies; nil is this machine's own, which package corpus
// looks through itself.
func fileSystem(path string) corpus.FileSystem {
	if scheme := schemeOf(path); scheme != "" {
		return remote(scheme)
	}
	return nil
}

// A remote is one of Beam's file systems.
type remote string

// The clients are kept for as long as the process lives: each makes connections.
var clients sync.Map // scheme -> *kept[filesystem.Interface]

func (r remote) client() (filesystem.Interface, error) {
	made, _ := clients.LoadOrStore(string(r), &kept[filesystem.Interface]{})
	return made.(*kept[filesystem.Interface]).get(func() (fs filesystem.Interface, err error) {
		// Beam's clients panic where there are no credentials.
		defer func() {
			if fault := recover(); fault != nil {
				err = fmt.Errorf("opening the file system %s: %v", string(r), fault)
			}
		}()
		return filesystem.New(context.Background(), string(r)+"://")
	})
}

func (r remote) Open(path string) (io.ReadCloser, error) {
	client, err := r.client()
	if err != nil {
		return nil, err
	}
	return client.OpenRead(context.Background(), path)
}

func (r remote) Match(pattern string) ([]string, error) {
	client, err := r.client()
	if err != nil {
		return nil, err
	}
	return client.List(context.Background(), pattern)
}

// openFile opens a file that was written here, unpacked.
func openFile(path string) (io.ReadCloser, error) {
	var f io.ReadCloser
	var err error
	if fs := fileSystem(path); fs == nil {
		f, err = os.Open(path)
	} else if f, err = fs.Open(path); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	if err != nil {
		return nil, err
	}
	_, kind := compressed.Cut(path)
	unpacked, err := kind.Reader(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, f}, nil
}

// writeFile writes a file, packed as its extension says. It appears whole or not at
// all, and writing it again changes nothing: a runner may do a piece of work twice.
func writeFile(ctx context.Context, path string, write func(io.Writer) error) error {
	_, kind := compressed.Cut(path)
	packed := func(w io.Writer) error { return kind.Write(w, write) }
	scheme := schemeOf(path)
	if scheme == "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return atomicfile.Write(path, packed)
	}
	client, err := remote(scheme).client()
	if err != nil {
		return err
	}
	// An object appears when it is closed.
	f, err := client.OpenWrite(ctx, path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := packed(f); err != nil {
		return err // not closed, so that no half object is left
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// list gives the files that a pattern matches, in the order of their names.
func list(pattern string) ([]string, error) {
	fs := fileSystem(pattern)
	var names []string
	var err error
	if fs == nil {
		names, err = filepath.Glob(pattern)
	} else {
		names, err = fs.Match(pattern)
	}
	slices.Sort(names)
	return names, err
}

// sizeOf is that of a file in bytes.
func sizeOf(path string) (int64, error) {
	scheme := schemeOf(path)
	if scheme == "" {
		info, err := os.Stat(path)
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	client, err := remote(scheme).client()
	if err != nil {
		return 0, err
	}
	return client.Size(context.Background(), path)
}
