package snapshot

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"

	"wakong/internal/atomicfile"
	"wakong/internal/stage"
)

// CardFile is the name of the data card in a snapshot.
const CardFile = "card.md"

// window bounds the memory that unpacking takes.
const window = 8 << 20

// Create writes a snapshot of some stages' results to a file, which has its old
// content or the whole snapshot at every moment. The stages must be among those
// of the workspace's lock, with all that they read of. progress, if not nil, is
// told of the bytes packed.
func Create(ctx context.Context, file string, w *stage.Workspace, stages []string, card []byte, progress Progress) error {
	// A device or a pipe would be replaced by a file.
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("writing the snapshot %s: it is there and no regular file", file)
	}
	lock, err := w.Lock().Extract(stages)
	if err != nil {
		return err
	}
	err = atomicfile.Write(file, func(out io.Writer) error {
		s := &sealed{out, sha256.New()}
		packed, err := zstd.NewWriter(s, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithWindowSize(window))
		if err != nil {
			return err
		}
		if err := archive(ctx, packed, w, lock, card, progress); err != nil {
			return err
		}
		if err := packed.Close(); err != nil {
			return err
		}
		_, err = out.Write(seal(s.sum.Sum(nil)))
		return err
	})
	if err != nil {
		return fmt.Errorf("writing the snapshot %s: %w", file, err)
	}
	return nil
}

// archive writes the tar archive.
func archive(ctx context.Context, out io.Writer, w *stage.Workspace, lock *stage.Lock, card []byte, progress Progress) error {
	t := tar.NewWriter(out)
	done, total := int64(0), int64(0)
	for _, r := range lock.Stages {
		for _, f := range r.Files {
			total += f.Size
		}
	}
	text, err := lock.Encode()
	if err != nil {
		return err
	}
	for _, e := range []struct {
		name string
		data []byte
	}{{stage.LockFile, text}, {CardFile, card}} {
		if err := add(t, e.name, int64(len(e.data)), 0o644); err != nil {
			return err
		}
		if _, err := t.Write(e.data); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(lock.Stages)) {
		dir, record, err := w.Result(name)
		if err != nil {
			return err
		}
		to := stage.ResultPath(name, record.Fingerprint)
		if err := addManifest(t, path.Join(to, stage.ManifestFile), filepath.Join(dir, stage.ManifestFile)); err != nil {
			return err
		}
		for _, file := range slices.Sorted(maps.Keys(record.Files)) {
			if err := addFile(ctx, t, path.Join(to, file), filepath.Join(dir, filepath.FromSlash(file)), record.Files[file]); err != nil {
				return err
			}
			done += record.Files[file].Size
			progress.tell(done, total)
		}
	}
	return t.Close()
}

// add begins an entry; but for name and size all entries are alike.
func add(t *tar.Writer, name string, size, mode int64) error {
	return t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: mode, ModTime: time.Unix(0, 0)})
}

func addManifest(t *tar.Writer, name, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := add(t, name, int64(len(data)), 0o644); err != nil {
		return err
	}
	_, err = t.Write(data)
	return err
}

// addFile packs a file and compares what it packs with what the lock says.
func addFile(ctx context.Context, t *tar.Writer, name, from string, want stage.File) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := add(t, name, want.Size, 0o444); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(t, sum), withContext{ctx, io.LimitReader(f, want.Size)})
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != want.Size || got != want.SHA256 {
		return fmt.Errorf("%s: found %d bytes with sha256 %s, expected %d with %s; 'pipeline verify --repair' moves a damaged result aside", from, n, got, want.Size, want.SHA256)
	}
	return nil
}
