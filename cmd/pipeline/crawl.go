package main

import "github.com/spf13/cobra"

func newCrawlCommand(a *app) *cobra.Command {
	return stageCommand(a, "crawl", "Fetch the pages of web sites into documents",
		`Fetches the pages of the sites under crawl.sites and takes the stories out of
them. The stage's folder holds documents.jsonl (id, url, title, text),
report.json, and every page as it came in WARC archives.

A crawl that was stopped goes on with the pages that are missing.`,
		`  pipeline crawl
  pipeline crawl -c tales.yaml -w /data/tales`)
}
