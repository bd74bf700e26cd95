package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"wakong/internal/pipeline"
)

func newManCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "man FOLDER",
		Short: "Write the manual's pages for man(1)",
		Long: `Writes one page of section 1 for the program and one for each command into
FOLDER, which is made if need be: what "pipeline help" says, for man(1).`,
		Example: `  pipeline man ~/.local/share/man/man1
  man pipeline-segment`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o777); err != nil {
				return err
			}
			root := newRootCommand(a)
			root.InitDefaultCompletionCmd("completion")
			return writeManual(cmd.Context(), root, args[0])
		},
	}
}

// writeManual writes the page of a command and those of all below it.
func writeManual(ctx context.Context, cmd *cobra.Command, folder string) error {
	page, err := manualPage(cmd)
	if err != nil {
		return err
	}
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
	if err := pipeline.WriteFile(ctx, filepath.Join(folder, name), page); err != nil {
		return err
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			if err := writeManual(ctx, c, folder); err != nil {
				return err
			}
		}
	}
	return nil
}

// manualPage changes the command's texts for the generator, which takes them
// for Markdown.
func manualPage(cmd *cobra.Command) ([]byte, error) {
	cmd.DisableAutoGenTag = true
	cmd.Long, cmd.Short = markdown(cmd.Long+commandsHelp(cmd)+"\n\n"+exitCodesHelp), markup.Replace(cmd.Short)
	cmd.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
		name, usage := pflag.UnquoteUsage(f) // the name between backquotes is marked
		if strings.Contains(f.Usage, "`") {
			usage = strings.Replace(markup.Replace(usage), name, "`"+name+"`", 1)
		} else {
			usage = markup.Replace(usage)
		}
		f.Usage = usage
	})
	from, known := builtFrom()
	var page bytes.Buffer
	if err := doc.GenMan(cmd, &doc.GenManHeader{Section: "1", Source: "wakong", Manual: "wakong", Date: &from}, &page); err != nil {
		return nil, err
	}
	if !known {
		return bytes.Replace(page.Bytes(), []byte(from.Format(`"Jan 2006"`)), []byte(`""`), 1), nil
	}
	return page.Bytes(), nil
}

// commandsHelp lists the commands below a command by their groups, as its help
// does.
func commandsHelp(cmd *cobra.Command) string {
	var list strings.Builder
	under := func(title, group string) {
		for _, c := range cmd.Commands() {
			if !c.IsAvailableCommand() || c.GroupID != group {
				continue
			}
			if title != "" {
				fmt.Fprintf(&list, "\n\n%s\n", title)
				title = ""
			}
			fmt.Fprintf(&list, "\n  %-*s %s", cmd.Commands()[0].NamePadding(), c.Name(), c.Short)
		}
	}
	for _, g := range cmd.Groups() {
		under(g.Title, g.ID)
	}
	title := "Commands:"
	if len(cmd.Groups()) > 0 {
		title = "Further commands:"
	}
	under(title, "")
	return list.String()
}

// markup makes text of what would be markup.
var markup = strings.NewReplacer("<", `\<`, ">", `\>`, "_", `\_`, "*", `\*`, "`", "\\`", "[", `\[`, "]", `\]`, "|", `\|`)

// markdown is a help text in Markdown: indented lines stand as they are.
func markdown(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, " ") {
			lines[i] = "    " + line
		} else {
			lines[i] = markup.Replace(line)
		}
	}
	return strings.Join(lines, "\n")
}

// builtFrom is the time of the commit, if it is known, so that pages of one build
// are the same at any time.
func builtFrom() (from time.Time, known bool) {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				if t, err := time.Parse(time.RFC3339, s.Value); err == nil {
					return t, true
				}
			}
		}
	}
	return time.Unix(0, 0).UTC(), false
}
