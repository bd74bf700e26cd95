package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
	"wakong/internal/serve"
)

func newServeCommand(a *app) *cobra.Command {
	var address string
	var maxWords int
	var model modelOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "A page and a JSON API that fill blanks",
		Long: `Serves a page on which a word of a tale is blanked and the network's answers are
shown, with how much each word of the passage was chosen, and beside it a JSON API:

  POST /v1/cloze      {"passage":"...XXXXX...","top":5} or {"passages":[...]}
  GET  /healthz       200, or 503 while it ends
  GET  /metrics       for Prometheus
  GET  /openapi.yaml  describes all of it

The network is the one that the workspace's lock names, or with --model that of a
folder which "pipeline export" wrote. Only this machine can reach the server, unless
--addr names another address. The first Ctrl-C or SIGTERM answers what was begun and
ends with exit code 0.`,
		Example: `  pipeline serve
  pipeline serve -w work --addr 127.0.0.1:9000
  pipeline serve --model exported
  curl -d '{"passage":"狐狸提着灯笼走过木桥。XXXXX说：“山羊，你好！”","top":3}' http://127.0.0.1:8080/v1/cloze`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			choice, err := model.choice(cmd)
			if err != nil {
				return err
			}
			return runServe(cmd.Context(), a, address, maxWords, model, choice)
		},
	}
	cmd.Flags().StringVar(&address, "addr", "127.0.0.1:8080", "`address` to listen at; port 0 takes a free one")
	cmd.Flags().IntVar(&maxWords, "max-words", serve.DefaultMaxWords, "words around the blank that are looked at; longer passages are cut")
	model.AddFlags(cmd)
	return cmd
}

func runServe(ctx context.Context, a *app, address string, maxWords int, model modelOptions, choice pipeline.ModelChoice) error {
	if maxWords < 2 || maxWords > serve.MostWords {
		return &usageError{err: errors.New("--max-words must be from 2 to 65536"), help: "pipeline serve"}
	}
	c, demonstration, err := a.modelConfig(model, []string{"predict.input"})
	if err != nil {
		return err
	}
	return pipeline.ServeWith(ctx, a.workspaceOptions(), pipeline.ServeOptions{
		Config: c, Demonstration: demonstration, Address: address, MaxWords: maxWords, Model: choice,
	})
}
