package sitemap

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// readXML reads a urlset or an index. Tokens are taken raw: the decoder then keeps
// no stack of open elements, which a stranger could make as deep as the file is
// long, and a missing end tag loses no more than one address.
func (s *Sitemap) readXML(g *guard) error {
	d := xml.NewDecoder(g)
	d.Strict = false // an & that should be &amp; is common
	d.CharsetReader = charset.NewReaderLabel
	x := xmlState{sitemap: s}
	for {
		g.token = 0
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = x.token(token)
		}
		if err != nil {
			return err
		}
	}
	if !x.rooted {
		return errors.New("found no element, expected <urlset> or <sitemapindex>")
	}
	return nil
}

// xmlState is where in the file the reader stands.
type xmlState struct {
	sitemap *Sitemap
	rooted  bool
	entry   xml.Name // the url or sitemap element that is open
	inLoc   bool
	address strings.Builder
}

func (x *xmlState) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		if !x.rooted {
			x.rooted = true
			if t.Name.Local != "urlset" && t.Name.Local != "sitemapindex" {
				return fmt.Errorf("found <%.40s>, expected <urlset> or <sitemapindex>", t.Name.Local)
			}
			return nil
		}
		switch t.Name.Local {
		case "url", "sitemap":
			x.entry = t.Name
		case "loc":
			// Another prefix is that of an image's or a video's address.
			x.inLoc = x.entry.Local != "" && t.Name.Space == x.entry.Space
			x.address.Reset()
		}
	case xml.CharData:
		if x.inLoc {
			x.address.Write(t)
		}
	case xml.EndElement:
		switch {
		case t.Name == x.entry:
			x.entry = xml.Name{}
		case x.inLoc && t.Name.Local == "loc":
			x.inLoc = false
			return x.sitemap.add(strings.TrimSpace(x.address.String()), x.entry.Local == "sitemap")
		}
	}
	return nil
}
