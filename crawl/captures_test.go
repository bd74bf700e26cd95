package crawl

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"wakong/crawl/crawltest"
)

// packed are records as archives come: plain, one gzip stream, a member each.
func packed(records []string) map[string][]byte {
	pack := func(each bool) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		for i, rec := range records {
			if i > 0 && each {
				z.Close()
				z.Reset(&b)
			}
			z.Write([]byte(rec))
		}
		z.Close()
		return b.Bytes()
	}
	return map[string][]byte{"plain": []byte(strings.Join(records, "")), "one stream": pack(false), "member by member": pack(true)}
}

func writeArchive(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// captureRecord is an answer as any crawler may archive it.
func captureRecord(kind, address, date, head, body string, fields ...string) string {
	extra := strings.Join(append(fields, ""), "\n")
	return foreignRecord(fmt.Sprintf("WARC/1.0\nWARC-Type: %s\nWARC-Target-URI: %s\nWARC-Date: %s\nWARC-Record-ID: <urn:x:%s>\n%sContent-Type: application/http; msgtype=response",
		kind, address, date, address, extra), crlf(head+"\n\n")+body)
}

func htmlCapture(address, date, body string) string {
	return captureRecord("response", address, date, "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8", body)
}

func tale(title, text string) string {
	return fmt.Sprintf(`<h1>%s</h1><div class="story">%s</div>`, title, text)
}

// fromArchives crawls archives of http://tales.example/ without the network.
func fromArchives(t *testing.T, dir string, change func(*Options), archives ...string) (Report, error) {
	t.Helper()
	o := Options{
		Sites:    []Site{{Name: "tales", Start: []string{virtual}, Story: Story{Title: "h1", Body: ".story"}}},
		Dir:      dir,
		Archives: archives,
	}
	if change != nil {
		change(&o)
	}
	return Run(context.Background(), o)
}

// A crawl takes its pages from archives in the ways of all crawlers, and leaves the
// same bytes each time, the archive included.
func TestCrawlOfForeignArchives(t *testing.T) {
	for name, records := range foreign {
		for how, data := range packed(records) {
			t.Run(name+", "+how, func(t *testing.T) {
				path := writeArchive(t, "a.warc", data)
				first, second := t.TempDir(), t.TempDir()
				for _, dir := range []string{first, second} {
					report, err := fromArchives(t, dir, nil, path)
					if err != nil {
						t.Fatal(err)
					}
					if report.Damage != nil {
						t.Errorf("damage: %+v", report.Damage)
					}
				}
				sameResults(t, first, second)
				if got := readDocuments(t, first); len(got) != 1 || got[0].URL != virtual+"lantern" || got[0].Text != "从前有一盏灯笼。" {
					t.Errorf("%+v", got)
				}
				// What it leaves is an archive of ours, from which a crawl comes to the same.
				third := t.TempDir()
				_, err := fromArchives(t, third, func(o *Options) {
					o.Archives, o.Offline, o.Previous = nil, true, [][]string{{filepath.Join(first, ArchiveFile)}}
					o.Sites[0].Contact, o.Sites[0].Start = "me@home.example", []string{virtual + "lantern"}
				})
				if err != nil || !bytes.Equal(readFile(t, third, DocumentsFile), readFile(t, first, DocumentsFile)) {
					t.Errorf("from the archive that was left: %v", err)
				}
			})
		}
	}
}

// What counts of several captures, and what is left out.
func TestCaptures(t *testing.T) {
	index := `<a href="/a">a</a><a href="/missing">m</a><a href="/private/x">p</a><a href="/deep">d</a><a href="/moved">r</a>`
	const ok = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8"
	same := "WARC-Payload-Digest: sha1:SAME"
	profile := "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
	one := strings.Join([]string{
		htmlCapture(virtual, "2019-01-01T00:00:00Z", index),
		htmlCapture(virtual+"a", "2019-01-01T00:00:00Z", tale("旧", "旧的狐狸。")),
		captureRecord("response", virtual+"robots.txt", "2019-01-01T00:00:00Z", "HTTP/1.1 200 OK\nContent-Type: text/plain", "User-agent: *\nDisallow: /private/\n"),
		htmlCapture(virtual+"private/x", "2019-01-01T00:00:00Z", tale("私", "不许看。")),
		captureRecord("response", virtual+"shared", "2019-01-01T00:00:00Z", ok, tale("同", "同样的话。"), same),
		captureRecord("response", virtual+"moved", "2019-01-01T00:00:00Z", "HTTP/1.1 301 Moved\nLocation: /target\nContent-Type: text/html", ""),
		htmlCapture("http://far.example/x", "2019-01-01T00:00:00Z", tale("远", "远方。")),
	}, "")
	two := strings.Join([]string{
		htmlCapture(virtual+"a", "2021-01-01T00:00:00Z", tale("新", "新的狐狸。")),
		captureRecord("response", virtual+"a", "2022-01-01T00:00:00Z", "HTTP/1.1 503 Busy\nContent-Type: text/html", "busy"),
		captureRecord("revisit", virtual+"twin", "2022-01-01T00:00:00Z", ok, "", same, profile),
		captureRecord("revisit", virtual+"bare", "2022-01-01T00:00:00Z", ok, "", "WARC-Payload-Digest: sha1:NOWHERE", profile),
		htmlCapture(virtual+"target", "2022-01-01T00:00:00Z", tale("到", "搬到了这里。")),
		htmlCapture(virtual+"session?sid=0123456789abcdef0123&id=7", "2022-01-01T00:00:00Z", tale("会", "会话。")),
		captureRecord("response", virtual+"picture", "2022-01-01T00:00:00Z", "HTTP/1.1 200 OK\nContent-Type: image/png", "\x89PNG"),
		captureRecord("response", virtual+"two", "2022-01-01T00:00:00Z", "HTTP/2 200\nContent-Type: text/html; charset=gbk\nContent-Encoding: gzip", "<h1>x</h1><div class=story>\xba\xfc\xc0\xea\xa1\xa3</div>"),
	}, "")
	paths := []string{writeArchive(t, "one.warc", []byte(one)), writeArchive(t, "two.warc", []byte(two))}
	want := []string{
		"/a 新: 新的狐狸。", "/target 到: 搬到了这里。", "/shared 同: 同样的话。", "/twin 同: 同样的话。", "/session?id=7 会: 会话。", "/two x: 狐狸。",
	}
	dir := t.TempDir()
	report, err := fromArchives(t, dir, nil, paths...)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range readDocuments(t, dir) {
		got = append(got, fmt.Sprintf("/%s %s: %s", strings.TrimPrefix(d.URL, virtual), d.Title, d.Text))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	site := report.Sites[0]
	if site.Skipped[SkipNoArchive] != 2 || site.Skipped[SkipRobots] != 1 || site.Skipped[SkipHost] != 1 || len(site.Failures) != 0 {
		t.Errorf("skipped %v, failed %v", site.Skipped, site.Failures)
	}
	// allow and deny hold for pages that no link leads to; the order of the archives
	// decides only what their dates do not.
	report, err = fromArchives(t, t.TempDir(), func(o *Options) { o.Sites[0].Allow = []string{"/a$", "/two"} }, paths[1], paths[0])
	if err != nil || report.Stories != 2 {
		t.Errorf("%d stories with allow, %v; want 2", report.Stories, err)
	}
	trial, err := Try(context.Background(), Options{Sites: []Site{{Name: "tales", Start: []string{virtual}}}, Archives: paths}, virtual+"a")
	if err != nil || trial.Story.Title != "新" {
		t.Errorf("tried: %+v, %v", trial, err)
	}
}

// Archives that lack pages, or the page that the crawl begins with, or whole records.
func TestDamagedArchives(t *testing.T) {
	records := []string{
		htmlCapture(virtual+"a", "2019-01-01T00:00:00Z", tale("一", "一只狐狸。")),
		htmlCapture(virtual+"b", "2019-01-01T00:00:00Z", tale("二", "两只狐狸。")),
		htmlCapture(virtual+"c", "2019-01-01T00:00:00Z", tale("三", "三只狐狸。")),
	}
	members := packed(records)["member by member"]
	second := bytes.Index(members[10:], []byte{0x1f, 0x8b, 0x08}) + 10
	flipped := slices.Clone(members)
	flipped[second+40] ^= 0xff
	for name, test := range map[string]struct {
		data            []byte
		stories, damage int64
		want            string // of an error
	}{
		"whole":           {data: members, stories: 3},
		"cut off":         {data: members[:len(members)-20], stories: 2, damage: 1},
		"member damaged":  {data: flipped, stories: 2, damage: 1},
		"no HTTP":         {data: []byte(records[0] + captureRecord("response", virtual+"x", "2019", "what", "") + records[1]), stories: 2, damage: 1},
		"other hosts":     {data: []byte(htmlCapture("http://far.example/", "2019", tale("远", "远方。"))), want: "name archives that hold pages"},
		"garbage":         {data: []byte("<html>no archive</html>\n"), want: "a.warc is no WARC archive"},
		"garbage, packed": {data: packed([]string{"no archive\n"})["one stream"], want: "a.warc is no WARC archive"},
		"cut head":        {data: members[:5], want: "a.warc is no WARC archive"},
		"empty":           {data: nil, want: "found no record in it"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			report, err := fromArchives(t, dir, nil, writeArchive(t, "a.warc", test.data))
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v, want %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			damage := int64(0)
			if report.Damage != nil {
				damage = report.Damage.Records
				if !strings.HasPrefix(report.Damage.Places[0], "a.warc at byte ") {
					t.Errorf("%q", report.Damage.Places)
				}
			}
			if report.Stories != test.stories || damage != test.damage {
				t.Errorf("%d stories, %d records damaged; want %d and %d", report.Stories, damage, test.stories, test.damage)
			}
			left, err := filepath.Glob(filepath.Join(dir, "scratch", "*.tmp"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
	if _, err := fromArchives(t, t.TempDir(), nil, filepath.Join(t.TempDir(), "none.warc")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	_, err := fromArchives(t, t.TempDir(), func(o *Options) { o.Shared = Shared{URL: "redis://127.0.0.1:1/0", Crawl: "a"} }, "a.warc")
	if err == nil || !strings.Contains(err.Error(), "by one process") {
		t.Errorf("shared: %v", err)
	}
}

// A crawl of archives that is called off goes on to the same results.
func TestArchivesInterrupted(t *testing.T) {
	var all strings.Builder
	for i := range 1200 {
		all.WriteString(htmlCapture(fmt.Sprintf("%s%d", virtual, i), "2019-01-01T00:00:00Z", tale(fmt.Sprint(i), "一只狐狸。")))
	}
	path := writeArchive(t, "a.warc", []byte(all.String()))
	whole, dir := t.TempDir(), t.TempDir()
	if report, err := fromArchives(t, whole, nil, path); err != nil || report.Stories != 1200 {
		t.Fatalf("%d stories, %v", report.Stories, err)
	}
	interrupted := 0
	for n := 1; ; n *= 2 {
		ctx, cancel := context.WithCancel(context.Background())
		var left atomic.Int64 // told by several workers
		left.Store(int64(n))
		o := Options{
			Sites: []Site{{Name: "tales", Start: []string{virtual}, Story: Story{Title: "h1", Body: ".story"}}},
			Dir:   dir, Archives: []string{path},
			checkpoint: func(string) {
				if left.Add(-1) == 0 {
					cancel()
				}
			},
		}
		_, err := Run(ctx, o)
		cancel()
		if err == nil {
			break
		}
		if interrupted++; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if interrupted < 2 {
		t.Errorf("called off %d times", interrupted)
	}
	sameResults(t, dir, whole)
}

// What wget archived of a site gives the stories that a crawl of the site gives.
func TestWgetArchive(t *testing.T) {
	wget, err := exec.LookPath("wget")
	if err != nil {
		t.Skip("wget is not installed")
	}
	site := crawltest.New(crawltest.Options{Stories: 30})
	options := func(dir string) Options {
		return Options{Sites: []Site{{Name: "tales", Start: []string{site.URL + "/"}, Story: Story{Title: "h1", Body: ".story"}}}, Dir: dir}
	}
	online := t.TempDir()
	if _, err := Run(context.Background(), options(online)); err != nil {
		t.Fatal(err)
	}
	for name, flags := range map[string][]string{
		"members": nil, "plain": {"--no-warc-compression"}, "gzip": {"--compression=gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			cmd := exec.Command(wget, append(flags, "-r", "-l", "inf", "-q", "--warc-file=w", "--delete-after", site.URL+"/")...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != 8 { // some page failed
				t.Fatalf("%v: %s", err, out)
			}
			found, err := filepath.Glob(filepath.Join(dir, "w.warc*"))
			if err != nil || len(found) != 1 {
				t.Fatal(found, err)
			}
			o := options(t.TempDir())
			o.Archives = found
			report, err := Run(context.Background(), o)
			if err != nil || report.Damage != nil {
				t.Fatal(report.Damage, err)
			}
			got, want := readDocuments(t, o.Dir), readDocuments(t, online)
			if !slices.Equal(got, want) || len(want) != 30 {
				t.Errorf("%d stories, want the %d of the crawl", len(got), len(want))
			}
		})
	}
	site.Close()
}

// Pages as browsers archive them are decoded.
func TestArchivedEncodings(t *testing.T) {
	zw, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	var br bytes.Buffer
	bw := brotli.NewWriter(&br)
	io.WriteString(bw, "<p>狐狸在山里。</p>")
	bw.Close()
	for encoding, body := range map[string][]byte{"br": br.Bytes(), "zstd": zw.EncodeAll([]byte("<p>狐狸在山里。</p>"), nil)} {
		got, err := decodeBody(http.Header{"Content-Encoding": {encoding}}, body, 1000)
		if err != nil || string(got) != "<p>狐狸在山里。</p>" {
			t.Errorf("%s: %q %v", encoding, got, err)
		}
		if _, err := decodeBody(http.Header{"Content-Encoding": {encoding}}, body, 10); !errors.Is(err, errTooLarge) {
			t.Errorf("%s beyond the limit: %v", encoding, err)
		}
	}
}

func FuzzCaptures(f *testing.F) {
	for _, records := range foreign {
		for _, data := range packed(records) {
			f.Add(data)
		}
	}
	f.Add([]byte(captureRecord("revisit", virtual, "2019", "HTTP/1.1 200 OK", "", "WARC-Payload-Digest: sha1:A", "WARC-Profile: identical-payload-digest") +
		captureRecord("response", virtual+"b", "2020", "HTTP/1.1 200 OK\nContent-Encoding: br", "x", "WARC-Payload-Digest: sha1:A")))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "a.warc")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := openCaptures(context.Background(), []string{path}, dir)
		if err != nil {
			return
		}
		defer c.close()
		addresses, _, err := c.list.from(0, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range addresses {
			h, err := c.history(address)
			if err != nil {
				t.Fatalf("%s was read once and not twice: %v", address, err)
			}
			if len(h.exchanges) == 0 {
				continue
			}
			if _, _, ok := readHead(h.exchanges[0].head); !ok {
				t.Errorf("%s: a head that is none: %q", address, h.exchanges[0].head)
			}
		}
	})
}

// A crawl of archives opens no connection, and sends no one's name.
func TestArchivesWithoutNetwork(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) }))
	t.Cleanup(server.Close)
	address := server.URL + "/"
	path := writeArchive(t, "a.warc", []byte(htmlCapture(address, "2019-01-01T00:00:00Z", tale("一", "一只狐狸。")+`<a href="/b">b</a>`)))
	report, err := fromArchives(t, t.TempDir(), func(o *Options) { o.Sites[0].Start = []string{address, address + "c"} }, path)
	if err != nil || report.Stories != 1 || len(report.Sites[0].Failures[FailNoArchive]) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}
