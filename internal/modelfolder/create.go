package modelfolder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"wakong/internal/atomicfile"
)

// holdFile stands in a folder while it is written.
const holdFile = ".writing"

// Create makes a folder, which must not exist or be empty. fill writes its files;
// the manifest with their hashes is added. Until all is written the folder stands
// beside its place as .NAME.exporting; what a killed Create has left there the next
// one clears away.
func Create(ctx context.Context, dir string, m Manifest, fill func(folder string) error) (err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := fresh(dir); err != nil {
		return err
	}
	making := filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+".exporting")
	if err := os.MkdirAll(making, 0o755); err != nil {
		return fmt.Errorf("writing the folder %s: %w", dir, err)
	}
	held := flock.New(filepath.Join(making, holdFile))
	if ok, err := held.TryLock(); err != nil || !ok {
		return errors.Join(fmt.Errorf("writing the folder %s: another process is writing it (%s)", dir, making), err)
	}
	defer func() {
		err = errors.Join(err, held.Close())
		if err != nil {
			err = errors.Join(err, os.RemoveAll(making))
		}
	}()
	if err := clearOut(making); err != nil {
		return err
	}
	if err := fill(making); err != nil {
		return err
	}
	if err := seal(ctx, making, m); err != nil {
		return fmt.Errorf("writing the folder %s: %w", dir, err)
	}
	if err := os.Remove(filepath.Join(making, holdFile)); err != nil {
		return err
	}
	// An empty folder may stand there; one that has been filled since does not go.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("writing the folder %s: %w", dir, err)
	}
	if err := os.Rename(making, dir); err != nil {
		return fmt.Errorf("writing the folder %s: %w", dir, err)
	}
	atomicfile.SyncFolder(filepath.Dir(dir))
	return nil
}

// fresh refuses a path at which something stands already.
func fresh(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s: a file stands there; an export makes a folder, choose a name that is free", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s: the folder is not empty; an export makes a new one, choose a name that is free", dir)
	}
	return nil
}

// clearOut removes what an earlier Create has left.
func clearOut(making string) error {
	entries, err := os.ReadDir(making)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == holdFile {
			continue
		}
		if err := os.RemoveAll(filepath.Join(making, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// seal syncs the files of a folder and writes the manifest of them.
func seal(ctx context.Context, making string, m Manifest) error {
	entries, err := os.ReadDir(making)
	if err != nil {
		return err
	}
	m.Format, m.Files = manifestFormat, map[string]File{}
	for _, e := range entries {
		if e.Name() == holdFile {
			continue
		}
		if !plainName(e.Name()) || !e.Type().IsRegular() {
			return fmt.Errorf("modelfolder: %q cannot stand in a folder of a network", e.Name())
		}
		path := filepath.Join(making, e.Name())
		if m.Files[e.Name()], err = Sum(ctx, path); err != nil {
			return err
		}
		if err := syncFile(path); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	// Parsing refuses what Open would refuse.
	if _, err := parseManifest(data); err != nil {
		return err
	}
	path := filepath.Join(making, ManifestFile)
	if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
		return err
	}
	if err := syncFile(path); err != nil {
		return err
	}
	atomicfile.SyncFolder(making)
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
