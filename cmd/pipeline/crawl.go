package main

import "github.com/spf13/cobra"

func newCrawlCommand(a *app) *cobra.Command {
	cmd := stageCommand(a, "crawl", "Fetch the pages of web sites into documents",
		`Fetches the pages of the sites under crawl.sites and takes the stories out of
them. The stage's folder holds documents.jsonl (id, url, title, text),
report.json, and every page as it came in WARC archives.

A crawl that was stopped goes on with the pages that are missing.

With --try one page is fetched, by the settings of the site that has a start
address on its host, and what it yields is printed: status, charset, title,
author, date, text, and which links would be followed. Nothing is written.`,
		`  pipeline crawl
  pipeline crawl -c tales.yaml -w /data/tales
  pipeline crawl -c tales.yaml --try https://tales.example/tale/12`)
	var page string
	cmd.Flags().StringVar(&page, "try", "", "fetch the page at `URL` alone and show what it yields")
	crawl := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !cmd.Flags().Changed("try") {
			return crawl(cmd, args)
		}
		p, err := a.open()
		if err != nil {
			return err
		}
		defer p.Close()
		return p.TryPage(cmd.Context(), page)
	}
	return cmd
}
