package warc_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"time"

	"wakong/crawl/warc"
)

func Example() {
	var archive bytes.Buffer
	message := []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>从前</p>")
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	record := warc.NewRecord(warc.TypeResponse, "http://tales.example/", warc.ContentResponse, "", at, message)
	if err := warc.WriteMember(&archive, record); err != nil {
		log.Fatal(err)
	}

	in, err := warc.NewReader(&archive)
	if err != nil {
		log.Fatal(err)
	}
	for {
		r, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r.Type(), r.Get("WARC-Target-URI"), len(r.Block), r.ID())
	}
	// Output: response http://tales.example/ 57 urn:uuid:92d94676-e796-8ff7-b0ef-4dfc56b7bbc0
}
