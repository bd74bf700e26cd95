// Command pipeline turns web pages and text files into word vectors and a
// network that answers cloze questions.
//
// This package only wires flags to the packages that do the work; see
// wakong/internal/pipeline for the stages.
package main

import (
	"context"
	"os"

	"golang.org/x/term"
)

func main() {
	a := &app{
		in:       os.Stdin,
		out:      os.Stdout,
		err:      os.Stderr,
		terminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	ctx, stop := untilInterrupted(context.Background(), a)
	code := a.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
