package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

func newCrawlCommand(a *app) *cobra.Command {
	cmd := stageCommand(a, "crawl", "Fetch the pages of web sites into documents",
		`Fetches the pages of the sites under crawl.sites and takes the stories out of
them. The stage's folder holds documents.jsonl (id, url, title,
author, date, text, site), report.json, and every page as it came in WARC archives.

A crawl that was stopped goes on with the pages that are missing.

With --try one page is fetched, by the settings of the site that has a start
address on its host, and what it yields is printed: status, charset, title,
author, date, text, and which links would be followed. Nothing is written.

With --offline nothing is fetched: the archives that the workspace's crawls left
answer as the sites did then, by the rules as they are now. With --archive the
pages come from WARC files of other crawlers (wget, Heritrix, Common Crawl), as
with crawl.archives in the configuration.

With --refresh the pages of a crawl that has ended are asked for again, each on
condition that it changed since.`,
		`  pipeline crawl
  pipeline crawl -c tales.yaml -w /data/tales
  pipeline crawl -c tales.yaml --try https://tales.example/tale/12
  pipeline crawl -c tales.yaml --offline
  pipeline crawl -c tales.yaml --offline --archive 'wget/*.warc.gz'
  pipeline crawl -c tales.yaml --refresh`)
	o := runOptions{stage: pipeline.Crawl}
	var page string
	cmd.Flags().StringVar(&page, "try", "", "fetch the page at `URL` alone and show what it yields")
	cmd.Flags().BoolVar(&o.offline, "offline", false, "take the pages from the archives of earlier crawls, without the network")
	cmd.Flags().BoolVar(&o.refresh, "refresh", false, "ask again for what changed on the sites since they were crawled")
	cmd.Flags().StringArrayVar(&o.archives, "archive", nil, "take the pages from this WARC `file`, or those that a pattern matches; may be repeated")
	cmd.MarkFlagFilename("archive")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if o.refresh && len(o.archives) > 0 {
			return fmt.Errorf("%w: --refresh asks the sites, --archive asks none; give one of them", pipeline.ErrUsage)
		}
		if o.offline && o.refresh {
			return fmt.Errorf("%w: --refresh asks the sites, --offline asks none; give one of them", pipeline.ErrUsage)
		}
		if !cmd.Flags().Changed("try") {
			return runRun(cmd.Context(), a, o)
		}
		if o.offline || o.refresh {
			return fmt.Errorf("%w: --try fetches one page and goes neither with --offline nor with --refresh", pipeline.ErrUsage)
		}
		p, err := a.open()
		if err != nil {
			return err
		}
		defer p.Close()
		if err := p.UseArchives(o.archives); err != nil {
			return err
		}
		return p.TryPage(cmd.Context(), page)
	}
	return cmd
}
