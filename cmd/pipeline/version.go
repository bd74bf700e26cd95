package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Tell which version this is",
		Long:    "Tells the version, the commit it was built from where that is known, and the Go\nrelease and platform it was built with.",
		Example: `  pipeline version`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			a.reporter.Load().Printf("pipeline %s\n", version())
			return nil
		},
	}
}

// version is what the Go toolchain knows of this build.
func version() string {
	return versionAlone() + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
}

// versionAlone leaves out what it was built with and for.
func versionAlone() string {
	text := "(devel)"
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" {
		text = info.Main.Version
	}
	if ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				text += " " + s.Value[:12]
			}
		}
	}
	return text
}
