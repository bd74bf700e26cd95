// Command pipeline-beam does the work of the stages segment and build on Apache
// Beam, in this process or on many machines. This package only wires flags to
// wakong/corpus/beam.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"

	corpusbeam "wakong/corpus/beam"
	"wakong/internal/config"
)

const usage = `Usage:
  pipeline-beam [-c FILE] --output FOLDER [flags]
  pipeline-beam join --from FOLDER --to FOLDER

The first form does the work of 'pipeline segment', of the vocabulary in 'pipeline
embed' and of 'pipeline build' on Apache Beam, and writes it in parts. The second
form makes of the parts the files that those stages write, byte for byte.

Without --runner the work is done in this process (prism). --runner=universal
--endpoint=HOST:PORT gives it to the job server of Flink or Spark, --runner=dataflow
to Google; the files must then lie where all workers see them (gs://, s3://).
See docs/scale.md.

Exit codes:
  0    done
  1    failed
  2    wrong usage or configuration
  130  interrupted

Flags, the runners' own included:
`

type usageError struct{ error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	interrupted := ctx.Err() != nil
	stop()
	os.Exit(code(err, interrupted))
}

func code(err error, interrupted bool) int {
	var wrong usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case interrupted:
		fmt.Fprintln(os.Stderr, "pipeline-beam: interrupted")
		return 130
	}
	fmt.Fprintln(os.Stderr, "pipeline-beam:", err)
	if errors.As(err, &wrong) || config.Invalid(err) {
		return 2
	}
	return 1
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "join" {
		return join(ctx, args[1:])
	}
	return transform(ctx, args)
}

func join(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("pipeline-beam join", flag.ContinueOnError)
	from := flags.String("from", "", "output of a run of pipeline-beam")
	to := flags.String("to", "", "folder to write segment, embed and build to")
	if err := flags.Parse(args); err != nil {
		return usageOf(err)
	}
	if *from == "" || *to == "" || flags.NArg() > 0 {
		return usageError{errors.New("join needs --from and --to, and nothing else")}
	}
	return corpusbeam.Join(ctx, *from, *to)
}

func usageOf(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	return usageError{err}
}

func transform(ctx context.Context, args []string) error {
	flags := flag.CommandLine // the runners have put their flags there
	flags.Init("pipeline-beam", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usage)
		flags.PrintDefaults()
	}
	file := flags.String("c", "pipeline.yaml", "configuration, that of 'pipeline'")
	output := flags.String("output", "", "empty or new folder for the parts")
	compress := flags.String("compress", "zst", "how documents and sentences are packed: none, gz or zst")
	unit := flags.Float64("unit_mb", 4, "megabytes of text that are segmented and written together")
	rounds := flags.Int("rounds", corpusbeam.DefaultRounds, "bound of the search for groups of near copies; a run in which it is too small fails and says so")
	threads := flags.Int("threads", 0, "goroutines of one step of a worker; 0 means one per processor")
	if err := flags.Parse(args); err != nil {
		return usageOf(err)
	}
	// On a worker this does not return.
	beam.Init()
	extensions := map[string]string{"none": "", "gz": ".gz", "zst": ".zst"}
	extension, known := extensions[*compress]
	switch {
	case flags.NArg() > 0:
		return usageError{fmt.Errorf("found the argument %q, expected none", flags.Arg(0))}
	case *output == "":
		return usageError{errors.New("--output is needed")}
	case !known:
		return usageError{fmt.Errorf("found --compress=%s, expected none, gz or zst", *compress)}
	case *unit <= 0 || *unit > 1024:
		return usageError{fmt.Errorf("found --unit_mb=%v, expected up to 1024", *unit)}
	case *threads < 0 || *threads > 1024:
		return usageError{fmt.Errorf("found --threads=%d, expected 0 to 1024", *threads)}
	}
	if err := prepareRunner(flags.Lookup("runner").Value.String()); err != nil {
		return err
	}
	c, err := config.LoadSections(*file, []string{"crawl", "segment", "embed", "build"}, nil)
	if err != nil {
		return err
	}
	settings, err := corpusbeam.NewSettings(c)
	if err != nil {
		return err
	}
	settings.Output, settings.Compression, settings.UnitBytes, settings.Threads = *output, extension, max(1, int(*unit*1e6)), *threads
	if err := settings.CheckEmpty(); err != nil {
		return err
	}
	pipeline, root := beam.NewPipelineWithRoot()
	if err := corpusbeam.Build(root, settings, *rounds); err != nil {
		return usageError{err}
	}
	// Elements come and go in large lots: half the default's slack costs little time.
	debug.SetGCPercent(50)
	if err := beamx.Run(ctx, pipeline); err != nil {
		return err
	}
	return settings.Complete(ctx)
}

// prepareRunner looks whether a job server answers, for which Beam waits two minutes
// and then says little, and gives it this very program for its workers, which Beam
// would compile from sources that need not be here.
func prepareRunner(runner string) error {
	switch runner {
	case "universal", "portable", "PortableRunner", "flink", "spark":
		endpoint, err := jobopts.GetEndpoint()
		if err != nil {
			return usageError{fmt.Errorf("--runner=%s needs --endpoint=HOST:PORT, the address of its job server", runner)}
		}
		c, err := net.DialTimeout("tcp", endpoint, 10*time.Second)
		if err != nil {
			return fmt.Errorf("no job server answers at --endpoint=%s: %w", endpoint, err)
		}
		if err := c.Close(); err != nil {
			return err
		}
	case "dataflow":
	default:
		return nil
	}
	if *jobopts.WorkerBinary == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		*jobopts.WorkerBinary = self
	}
	return nil
}
