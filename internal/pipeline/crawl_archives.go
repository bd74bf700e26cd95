package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"wakong/crawl/warc"
)

// archiveFiles matches the archives in a result of the stage crawl.
const archiveFiles = "crawl-*.warc.gz"

// crawlArchives are the archives of the crawls whose results the workspace holds, the
// files of each in their order. The crawl that the lock names comes first, then the
// others, the latest before the earlier ones.
func (p *Pipeline) crawlArchives() (archives [][]string, err error) {
	current, _, _ := p.workspace.Result(Crawl) // an error means that there is none
	found, err := filepath.Glob(filepath.Join(p.place.Dir, "cache", Crawl, "*", archiveFiles))
	if err != nil {
		return nil, err
	}
	slices.Sort(found)
	byFolder := map[string][]string{}
	var folders []string
	for _, file := range found {
		dir := filepath.Dir(file)
		if strings.Contains(filepath.Base(dir), ".") {
			continue // one in the making
		}
		if byFolder[dir] == nil {
			folders = append(folders, dir)
		}
		byFolder[dir] = append(byFolder[dir], file)
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
		return nil, fmt.Errorf("the workspace %s holds no archive of a crawl yet; run 'pipeline crawl' first", p.place.Dir)
	}
	return archives, nil
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
