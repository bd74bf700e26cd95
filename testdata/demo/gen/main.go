// Command gen writes the demonstration's site and questions from the tales:
//
//	cd testdata/demo && go run ./gen
//
// It replaces site/, questions.doc_query and questions.answer in the current
// folder. Nothing but tales/, heldout/ and questions.txt goes in.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/yanyiwu/gojieba"

	"wakong/testdata/demo/gen/tales"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	here := os.DirFS(".")
	train, err := tales.Read(here, "tales")
	if err != nil {
		return err
	}
	heldout, err := tales.Read(here, "heldout")
	if err != nil {
		return err
	}
	list, err := os.ReadFile("questions.txt")
	if err != nil {
		return err
	}
	questions, err := tales.ReadQuestions("questions.txt", string(list), heldout)
	if err != nil {
		return err
	}
	jieba := gojieba.NewJieba()
	defer jieba.Free()
	docQuery, answers, err := tales.Contest(questions, func(s string) []string { return jieba.Cut(s, false) })
	if err != nil {
		return err
	}
	site, err := tales.Site(train)
	if err != nil {
		return err
	}
	if err := os.RemoveAll("site"); err != nil {
		return err
	}
	files := map[string][]byte{"questions.doc_query": docQuery, "questions.answer": answers}
	for path, b := range site {
		files[filepath.Join("site", path)] = b
	}
	for path, b := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%d tales, %d pages and files of the site, %d questions on %d held-out tales\n",
		len(train), len(site), len(questions), len(heldout))
	return nil
}
