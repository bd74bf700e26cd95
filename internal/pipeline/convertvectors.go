package pipeline

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"wakong/embed"
	"wakong/internal/compressed"
	"wakong/internal/ui"
)

// vectors tells whether the output is a file of word vectors.
func (o ConvertOptions) vectors() bool {
	plain, _ := compressed.Cut(o.Output)
	return o.To == "" && slices.Contains([]string{".bin", ".vec", ".txt", ".npy"}, strings.ToLower(filepath.Ext(plain)))
}

func (o ConvertOptions) convertVectors(reporter *ui.Reporter) error {
	for _, flag := range []struct{ name, value string }{
		{"--from", o.From}, {"--answers", o.Answers}, {"--answers-output", o.AnswersOutput}, {"--field", o.Field}, {"--encoding", o.Encoding},
	} {
		if flag.value != "" {
			return fmt.Errorf("%w: %s: %s is a file of word vectors, which has no use for it; documents and questions go to .jsonl, .parquet or .doc_query", ErrUsage, flag.name, o.Output)
		}
	}
	if len(o.Inputs) != 1 {
		return fmt.Errorf("%w: found %d inputs for the word vectors of %s, expected one", ErrUsage, len(o.Inputs), o.Output)
	}
	v, err := publishedVectors(o.Inputs[0], 0, reporter)
	if err != nil {
		return err
	}
	if err := v.Save(o.Output); err != nil {
		return err
	}
	reporter.Printf("%s written to %s\n", counted(v.Vocabulary.Len()-1, "word vector"), strings.Join(embed.Files(o.Output), " and "))
	return nil
}
