package crawl

func crawlChild(dir string) {}
