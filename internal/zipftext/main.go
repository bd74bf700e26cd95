// Zipftext writes a text of words drawn by Zipf's law, for measuring the time
// and memory of training: zipftext [-bytes N] [-words N] [-rare N] [-seed N] >text.
// The same flags give the same bytes.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
)

// options say what text to write.
type options struct {
	bytes int64
	words uint64
	rare  int
	seed  uint64
}

func main() {
	var o options
	flag.Int64Var(&o.bytes, "bytes", 200_000_000, "length of the text")
	flag.Uint64Var(&o.words, "words", 1_000_000, "distinct words that come again and again; each comes at least twice")
	flag.IntVar(&o.rare, "rare", 0, "of so many words one that comes only once; 0 for none")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of all draws")
	flag.Parse()
	if o.bytes < 1 || o.words < 1 || o.rare < 0 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "zipftext: -bytes and -words must be 1 or more, -rare 0 or more, and nothing else may follow")
		os.Exit(2)
	}
	if err := write(os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "zipftext:", err)
		os.Exit(1)
	}
}

// write writes sentences of 5 to 30 words, one a line. Ranks are drawn by Zipf's
// law; every tenth word is the next of all words in turn, so that a text that is
// long enough has each of them twice.
func write(w io.Writer, o options) error {
	rng := rand.New(rand.NewPCG(o.seed, 0))
	zipf := rand.NewZipf(rng, 1.05, 10, o.words-1)
	out := bufio.NewWriterSize(w, 1<<20)
	var line []byte
	written, n := int64(0), uint64(0)
	for written < o.bytes {
		line = line[:0]
		for range 5 + rng.IntN(26) {
			n++
			word, kind := zipf.Uint64(), byte('w')
			switch {
			case o.rare > 0 && n%uint64(o.rare) == 0:
				word, kind = n, 'r'
			case n%10 == 0:
				word = n / 10 % o.words
			}
			line = append(line, kind)
			line = strconv.AppendUint(line, word, 36)
			line = append(line, ' ')
		}
		line[len(line)-1] = '\n'
		written += int64(len(line))
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}
