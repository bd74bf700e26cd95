package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"syscall"

	"wakong/corpus"
	"wakong/crawl/warc"
	"wakong/internal/config"
)

// archiveFiles matches the archives in a result of the stage crawl.
const archiveFiles = "crawl-*.warc.gz"

// crawlArchives are the archives of the crawls whose results the workspace holds, the
// files of each in their order. The crawl that the lock names comes first, then the
// others, the latest before the earlier ones.
func (p *Pipeline) crawlArchives() (archives [][]string, err error) {
	current, _, _ := p.workspace.Result(Crawl) // an error means that there is none
	byFolder := map[string][]string{}
	var folders []string
	cache := filepath.Join(p.place.Dir, "cache", Crawl)
	results, err := namesIn(cache)
	if err != nil {
		return nil, err
	}
	for _, result := range results {
		if strings.Contains(result, ".") {
			continue // one in the making
		}
		dir := filepath.Join(cache, result)
		files, err := namesIn(dir)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if ok, _ := path.Match(archiveFiles, file); ok {
				byFolder[dir] = append(byFolder[dir], filepath.Join(dir, file))
			}
		}
		if byFolder[dir] != nil {
			folders = append(folders, dir)
		}
	}
	when := map[string]string{}
	for _, dir := range folders {
		if when[dir], err = begun(byFolder[dir][0]); err != nil {
			return nil, err
		}
	}
	sort.SliceStable(folders, func(i, j int) bool {
		a, b := folders[i], folders[j]
		if here := filepath.Base(a) == filepath.Base(current); here != (filepath.Base(b) == filepath.Base(current)) {
			return here
		}
		return when[a] > when[b]
	})
	for _, dir := range folders {
		archives = append(archives, byFolder[dir])
	}
	if len(archives) == 0 {
		return nil, fmt.Errorf("the workspace %s %w; run 'pipeline crawl' first", p.place.Dir, errNoArchive)
	}
	return archives, nil
}

// errNoArchive says that there is no result of a crawl.
var errNoArchive = errors.New("holds no archive of a crawl yet")

// namesIn are the names in a folder, sorted: none where it is missing, or no folder.
func namesIn(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

// namedArchives are the archives that the configuration names, or the command line in
// its place.
func (p *Pipeline) namedArchives() (all []textSource) {
	for i, path := range p.config.Crawl.Archives {
		all = append(all, textSource{
			key: fmt.Sprintf("archives[%d]", i), path: path,
			source: corpus.Source{
				Format: corpus.FormatWARC, Path: path.Resolved(), Name: path.Written(), Pages: storyPages(config.Story{}),
			},
		})
	}
	return all
}

// namedFiles are the files of the named archives, each once, in their order.
func (p *Pipeline) namedFiles() (files []string, err error) {
	for _, s := range p.namedArchives() {
		found, err := s.source.Files()
		if err != nil {
			return nil, p.inputError("crawl", s.path, config.Path{}, err, s.key)
		}
		for _, f := range found {
			if !slices.Contains(files, f.Path) {
				files = append(files, f.Path)
			}
		}
	}
	return files, nil
}

// UseArchives takes the pages of the crawl from these archives, in place of those that
// the configuration names; each is a path or a pattern.
func (p *Pipeline) UseArchives(patterns []string) error {
	if len(patterns) == 0 {
		return nil
	}
	if p.demonstration || len(p.config.Crawl.Sites) == 0 {
		return fmt.Errorf("%w: --archive: which pages of the archives are wanted stands under crawl.sites of a configuration", ErrUsage)
	}
	if p.config.Crawl.Redis != "" {
		return fmt.Errorf("%w: --archive: pages of archives are read by one process, and not by those that crawl.redis brings together", ErrUsage)
	}
	p.config.Crawl.Archives = nil
	for _, pattern := range patterns {
		path, err := filepath.Abs(pattern)
		if err != nil || pattern == "" {
			return fmt.Errorf("%w: --archive: found %q, expected a path or a pattern", ErrUsage, pattern)
		}
		p.config.Crawl.Archives = append(p.config.Crawl.Archives, config.NewPath(pattern, path))
	}
	return nil
}

// begun is when a crawl was begun, as its archive says.
func begun(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	in, err := warc.NewReader(f)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	rec, err := in.Next()
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return rec.Get("WARC-Date"), nil
}
