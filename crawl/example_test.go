package crawl_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"wakong/crawl"
	"wakong/crawl/crawltest"
)

func Example() {
	site := crawltest.New(crawltest.Options{Stories: 3})
	defer site.Close()
	dir, err := os.MkdirTemp("", "crawl")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	report, err := crawl.Run(context.Background(), crawl.Options{
		Sites: []crawl.Site{{
			Name:  "tales",
			Start: []string{"http://tales.example/"},
			Story: crawl.Story{Title: "h1", Body: ".story"},
		}},
		Dir: dir,
		// A virtual address, dialled to the loopback port of the test site. A real
		// site needs none, but a contact.
		Resolve: map[string]string{"tales.example": strings.TrimPrefix(site.URL, "http://")},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Pages, "pages,", report.Stories, "stories")

	// The archive yields the same stories without the network.
	archive, err := os.Open(dir + "/" + crawl.ArchiveFile)
	if err != nil {
		log.Fatal(err)
	}
	defer archive.Close()
	for page, err := range crawl.ReadArchive(archive) {
		if err != nil {
			log.Fatal(err)
		}
		story, found, err := crawl.Extract(page, crawl.Story{Title: "h1", Body: ".story"})
		if err != nil {
			log.Fatal(err)
		}
		if found {
			first, _, _ := strings.Cut(story.Text, "\n")
			fmt.Println(story.ID, story.Title, first)
		}
	}
	// Output:
	// 4 pages, 3 stories
	// 64daddcece56c044 第1个故事 从前，森林里有一只乌鸦，它住在第1棵大树下面。
	// 3b3fa500cb2354b4 第2个故事 从前，森林里有一只小猪，它住在第2棵大树下面。
	// 87048b1162a49b8c 第3个故事 从前，森林里有一只老虎，它住在第3棵大树下面。
}
