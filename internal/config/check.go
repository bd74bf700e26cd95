package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"wakong/corpus"
	"wakong/corpus/minhash"
	"wakong/crawl/header"
	"wakong/crawl/proxy"
)

// check looks for values that are possible each but not together.
func (d *decoder) check() {
	c := d.config
	d.checkSites()
	d.checkSteps()
	if dedup := c.Segment.Dedup; dedup.Bands*dedup.Rows > minhash.MostSignature {
		d.at("segment.dedup.bands", "%d bands of %d rows make a signature of %d values, expected at most %d", dedup.Bands, dedup.Rows, dedup.Bands*dedup.Rows, minhash.MostSignature)
	}
	for i, s := range c.Segment.Sources {
		key := fmt.Sprintf("segment.sources[%d]", i)
		d.checkEncoding(key, s.Format, s.Encoding)
		d.checkArchive(key, s)
		if s.Format != "jsonl" && s.Field != "" {
			d.at(key+".field", "only format jsonl has fields, this source is %s", s.Format)
		}
		if s.Resegment != "" && s.Format != "cmrc2017" && s.Format != "pdcft" && s.Format != "documents" {
			d.at(key+".resegment", "only formats cmrc2017, pdcft and documents are segmented, this source is %s", s.Format)
		}
		if s.Format != "cmrc2017" && !s.Answers.IsZero() {
			d.at(key+".answers", "only format cmrc2017 has answers in a file of their own, this source is %s", s.Format)
		}
	}
	d.checkLearned()
	for i, s := range c.Build.Train {
		d.checkQuestions(fmt.Sprintf("build.train[%d]", i), s, true)
	}
	for i, s := range c.Build.Valid {
		d.checkQuestions(fmt.Sprintf("build.valid[%d]", i), s, false)
	}
	if len(c.Build.Train) > 0 && !c.HasText() {
		d.at("build.train", "there are questions but no text to train word vectors on; name some under segment.sources or crawl.sites")
	}
	if len(c.Build.Valid) > 0 && len(c.Build.Train) == 0 {
		d.at("build.valid", "there are validation questions but none to train on; name some under build.train")
	}
	d.checkNetwork()
	d.checkMemory()
	d.checkStart()
	if !c.Predict.Input.IsZero() {
		d.checkEncoding("predict", c.Predict.InputFormat, c.Predict.Encoding)
	}
}

// checkLearned sees that there is something to learn from.
func (d *decoder) checkLearned() {
	if !d.config.Segment.Learned {
		return
	}
	for _, s := range d.config.Segment.Sources {
		if (corpus.Source{Format: s.Format, Resegment: s.Resegment}).ComesSegmented() {
			return
		}
	}
	d.at("segment.learned", "no source comes segmented, so that there is nothing to learn from; expected one of format cmrc2017, pdcft or documents in segment.sources whose words are not cut again")
}

// checkNetwork sees that the network has what it is trained on.
func (d *decoder) checkNetwork() {
	questions, passages := 0, 0
	for i, s := range d.config.Build.Train {
		if s.Format != "passages" {
			questions++
		} else if passages++; passages > 1 {
			d.at(fmt.Sprintf("build.train[%d].format", i), "found passages a second time; they are all documents of the segment stage")
		}
	}
	d.checkAnswers()
	switch reader := d.config.Train.Network == "reader"; {
	case len(d.config.Build.Train) == 0:
	case reader && passages == 0:
		d.at("train.network", "reader makes its blanks of whole documents; it needs {format: passages} in build.train")
	case !reader && questions == 0:
		d.at("train.network", "pointer is trained on questions; it needs one of cmrc2017, pdcft, jsonl or generate in build.train")
	}
}

// mostAnswers is how many shares a list of train.reader.answers may have.
const mostAnswers = 16

func (d *decoder) checkAnswers() {
	a := d.config.Train.Reader.Answers
	d.checkShares("times", a.Times)
	d.checkShares("lengths", a.Lengths)
	d.checkShares("places", a.Places)
}

func (d *decoder) checkShares(name string, shares []float64) {
	name = "train.reader.answers." + name
	if len(shares) > mostAnswers {
		d.at(name, "found %d shares, expected at most %d", len(shares), mostAnswers)
	}
	sum := 0.0
	for i, s := range shares {
		if !(s >= 0 && s <= 1e6) {
			d.at(name, "the share number %d is %g, expected 0 to 1000000", i+1, s)
		}
		sum += s
	}
	if len(shares) > 0 && sum == 0 {
		d.at(name, "all shares are 0, expected at least one that is more")
	}
}

// mostBytes is the memory beyond which a network is taken for a slip of the hand.
const mostBytes = 16 << 30

// checkMemory refuses a network that no machine meant here could hold, where it
// would otherwise be found out after hours of training vectors.
func (d *decoder) checkMemory() {
	size, units := float64(d.config.Embed.Size), float64(d.config.Train.Units)
	weights, input := 0.0, size
	for range d.config.Train.Layers {
		// Two directions of four gates, each with weights of input and state
		// and a bias; the next layer reads both.
		weights += 2 * 4 * units * (input + units + 1)
		input = 2 * units
	}
	// Four bytes a number; the weights, their gradients and Adam's two moments.
	if bytes := 4 * 4 * weights; bytes > mostBytes {
		d.at("train.units", "%d units in %d layers need about %.0f GiB of memory for the weights alone, expected at most %d GiB; fewer units or layers (train.layers) need less",
			d.config.Train.Units, d.config.Train.Layers, bytes/(1<<30), mostBytes>>30)
	}
}

// checkStart checks what the training of vectors begins with.
func (d *decoder) checkStart() {
	e := d.config.Embed
	switch {
	case !e.Init.IsZero() && e.Engine == "wego":
		d.at("embed.init", "the engine wego can only begin at random; engine: skipgram takes vectors to begin with")
	case e.Output && e.Engine == "wego":
		d.at("embed.output", "the engine wego gives no output vectors; engine: skipgram does")
	case e.Init.IsZero() && !e.InitOutput.IsZero():
		d.at("embed.init_output", "output vectors belong to vectors; name these under embed.init")
	case e.Init.IsZero() && e.InitWords != "":
		d.at("embed.init_words", "there are no vectors to begin with; name some under embed.init")
	}
}

func (d *decoder) at(key, format string, args ...any) {
	d.errors = append(d.errors, d.config.errorAt(key, format, args...))
}

func (d *decoder) checkSites() {
	names := map[string]int{}
	switch c := d.config.Crawl; {
	case c.Redis != "" && c.SharedCrawl == "":
		d.at("crawl.shared_crawl", "a crawl that is shared by way of crawl.redis needs a name, under which the processes find each other")
	case c.Redis == "" && c.SharedCrawl != "":
		d.at("crawl.shared_crawl", "only a crawl with crawl.redis is shared")
	case c.Redis != "" && len(c.Archives) > 0:
		d.at("crawl.archives", "pages of archives are read by one process; leave out crawl.redis")
	case len(c.Archives) > 0 && len(c.Sites) == 0:
		d.at("crawl.archives", "which pages of the archives are wanted, and what is a story on them, stands under crawl.sites; for the text of all pages name the archives under segment.sources, with format: warc")
	case strings.Contains(c.Redis, "@"):
		d.at("crawl.redis", "found a user or password in the address; set the password in the environment, WAKONG_REDIS_PASSWORD")
	}
	for i, s := range d.config.Crawl.Sites {
		key := fmt.Sprintf("crawl.sites[%d]", i)
		switch first, twice := names[s.Name]; {
		case strings.TrimSpace(s.Name) == "":
			d.at(key+".name", "found an empty text, expected a name")
		case strings.ContainsAny(s.Name, "/\\\n\r\t"):
			d.at(key+".name", "found %q, expected a name without slashes and line breaks", s.Name)
		case twice:
			d.at(key+".name", "%q is the name of crawl.sites[%d] too; names must differ", s.Name, first)
		default:
			names[s.Name] = i
		}
		if len(s.Start) == 0 {
			d.at(key+".start", "found an empty list, expected at least one address")
		}
		for j, address := range s.Start {
			if message := checkURL(address); message != "" {
				d.at(fmt.Sprintf("%s.start[%d]", key, j), "%s", message)
			}
		}
		for j, address := range s.Sitemap {
			if message := checkSitemap(s.Start, address); message != "" {
				d.at(fmt.Sprintf("%s.sitemap[%d]", key, j), "%s", message)
			}
		}
		d.checkStory(key+".story", s.Story)
		if message := checkProxy(s.Proxy); message != "" {
			d.at(key+".proxy", "%s", message)
		}
		for j, line := range s.Headers {
			field, err := header.Parse(line)
			if err == nil && field.Secret() && !strings.Contains(field.Value, "${") {
				err = fmt.Errorf("the value of %s belongs into the environment; write %s: ${NAME}", field.Name, field.Name)
			}
			if err != nil {
				d.at(fmt.Sprintf("%s.headers[%d]", key, j), "%v", err)
			}
		}
		d.checkPatterns(key+".allow", s.Allow)
		d.checkPatterns(key+".deny", s.Deny)
	}
}

func (d *decoder) checkPatterns(key string, patterns []string) {
	for i, pattern := range patterns {
		if _, err := regexp.Compile(pattern); err != nil {
			d.at(fmt.Sprintf("%s[%d]", key, i), "found %q, expected a regular expression: %v", clip(pattern), err)
		}
	}
}

// checkURL returns what is wrong with an address to start from.
func checkURL(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Sprintf("found %q, expected an address such as http://example.com/", clip(address))
	case u.Scheme == "" || u.Host == "" && u.Opaque != "":
		return fmt.Sprintf("found %q, expected an address that begins with http:// or https://", clip(address))
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Sprintf("found the scheme %q, expected http or https", clip(u.Scheme))
	case u.Hostname() == "":
		return fmt.Sprintf("found %q, which names no host", clip(address))
	case u.User != nil:
		return "found a name or password in the address; credentials do not belong into a configuration"
	}
	return ""
}

// checkSitemap returns what is wrong with a sitemap of a site that begins at start.
func checkSitemap(start []string, address string) string {
	if len(start) == 0 || checkURL(start[0]) != "" {
		return "" // said already
	}
	first, err := url.Parse(start[0])
	if err != nil {
		return ""
	}
	u, err := first.Parse(address)
	if err != nil {
		return fmt.Sprintf("found %q, expected an address such as /sitemap.xml", clip(address))
	}
	if message := checkURL(u.String()); message != "" {
		return message
	}
	for _, s := range start {
		if own, err := url.Parse(s); err == nil && strings.EqualFold(own.Hostname(), u.Hostname()) {
			return ""
		}
	}
	return fmt.Sprintf("found the host %s, expected that of a start address", clip(u.Hostname()))
}

// checkProxy returns what is wrong with the address of a proxy. What comes from
// the environment is not known yet.
func checkProxy(address string) string {
	if address == "" || strings.Contains(address, "${") {
		return ""
	}
	u, err := proxy.Parse(address)
	switch {
	case err != nil:
		return err.Error()
	case u.User != nil:
		return "found a name or password in the address; put the whole address into the environment and write proxy: ${NAME}"
	}
	return ""
}

func (d *decoder) checkEncoding(key, format, encoding string) {
	if encoding == "" {
		return
	}
	if err := corpus.CheckEncoding(encoding); err != nil {
		d.at(key+".encoding", "unknown encoding %q, expected a name such as utf-8, gb18030 or big5", clip(encoding))
	}
	if format == "jsonl" {
		d.at(key+".encoding", "JSON is always UTF-8; leave encoding out")
	}
}

// checkQuestions checks one entry of build.train or build.valid.
func (d *decoder) checkQuestions(key string, s QuestionSource, train bool) {
	d.checkEncoding(key, s.Format, s.Encoding)
	if s.FromDocuments() {
		switch {
		case !train:
			d.at(key+".format", "%s comes from text that is trained on; validation questions need a file", s.Format)
		case !d.config.HasText():
			d.at(key+".format", "there is no text for %s; name some under segment.sources or crawl.sites", s.Format)
		}
		if !s.Path.IsZero() {
			d.at(key+".path", "%s takes the documents of the segment stage; name the file under segment.sources, or its format here", s.Format)
		}
		if !s.Answers.IsZero() {
			d.at(key+".answers", "generated questions bring their answers")
		}
		if s.Format == "generate" {
			d.checkGenerate(key, s)
			return
		}
	} else if s.Path.IsZero() {
		d.at(key, "%q is missing", "path")
	}
	d.checkGenerateOnly(key, s)
	if s.FromDocuments() {
		return
	}
	if needs := s.Format == "cmrc2017"; needs && s.Answers.IsZero() {
		d.at(key, "%q is missing: %s questions have their answers in a file of their own", "answers", s.Format)
	} else if !needs && !s.Answers.IsZero() {
		d.at(key+".answers", "%s questions bring their answers", s.Format)
	}
}

// HasText reports whether there is text to segment: a site or a source.
func (c *Config) HasText() bool {
	return len(c.Crawl.Sites) > 0 || len(c.Segment.Sources) > 0
}
