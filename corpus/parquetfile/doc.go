// Package parquetfile keeps documents and questions of package corpus in Parquet
// files, which pandas, DuckDB, Spark and their kin read.
//
// Documents have the columns id, title, source, url, text, and sentences, a list
// of texts with the words of a sentence separated by one space. Questions have id,
// sentences (likewise), query and answer. All texts are UTF-8, "" stands for what is
// missing. Pages are compressed with zstd, row groups hold about 32 MiB of text; the
// same rows give the same bytes.
//
// Whoever reads a file needs memory for about one row group, of at most 1 GiB, whatever the
// file says: row groups and rows beyond that, and pages that hold more than their
// header says, are faults. So are pages in other encodings than PLAIN, RLE_DICTIONARY
// and DELTA_LENGTH_BYTE_ARRAY.
package parquetfile

import "wakong/corpus"

type document struct {
	ID        string   `parquet:"id"`
	Title     string   `parquet:"title"`
	Source    string   `parquet:"source"`
	URL       string   `parquet:"url"`
	Text      string   `parquet:"text"`
	Sentences []string `parquet:"sentences,list"`
}

type question struct {
	ID        string   `parquet:"id"`
	Sentences []string `parquet:"sentences,list"`
	Query     string   `parquet:"query"`
	Answer    string   `parquet:"answer"`
}

func documentRow(d corpus.Document) (row document, size int) {
	row = document{ID: d.ID, Title: d.Title, Source: d.Source, URL: d.URL, Text: d.Text}
	size = len(d.ID) + len(d.Title) + len(d.Source) + len(d.URL) + len(d.Text)
	for _, words := range d.Sentences {
		s := spaced(words)
		row.Sentences, size = append(row.Sentences, s), size+len(s)
	}
	return row, size
}

func questionRow(s corpus.Sample) (row question, size int) {
	size = len(s.ID) + len(s.Query) + len(s.Answer)
	for _, sentence := range s.Sentences {
		size += len(sentence)
	}
	return question{ID: s.ID, Sentences: s.Sentences, Query: s.Query, Answer: s.Answer}, size
}
