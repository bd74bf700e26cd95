package corpus_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"wakong/corpus"
)

// Segment a folder of text.
func Example() {
	ctx := context.Background()
	jieba, err := corpus.NewJieba(corpus.JiebaOptions{})
	if err != nil {
		log.Fatal(err)
	}
	folder := corpus.Source{Format: corpus.FormatText, Path: "testdata/tales"}
	var source corpus.SourceReport
	documents, report := corpus.Prepare(ctx, folder.Samples(ctx, &source), corpus.PrepareOptions{Segmenter: jieba})
	for d, err := range documents {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(d.ID, d.Title)
		if err := corpus.WriteSentences(os.Stdout, d); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(source.Files, "files,", report.Sentences, "sentences,", report.Words, "words")
	// Output:
	// tales/lighthouse.txt lighthouse
	// 灯塔 每天晚上 眨眼睛 。
	// 船长 说 ： “ 谢谢 你 ！ ”
	// tales/snow.md 雪人的愿望
	// 雪人 想 看一看 春天 。
	// 它 等 了 很 久 ， 一直 等到 鼻子 掉下来 。
	// 第二天
	// 太阳 出来 了
	// 雪人 变成 了 一条 小河
	// “ 原来 春天 是 会 流动 的 ！ ”
	// tales/sub/river.txt river
	// 小 河流 过 桥下 ， 桥 问 小河 去 哪里 。
	// 小河 说 ： “ 去 找 大海 。 ”
	// 3 files, 10 sentences, 66 words
}

// Make cloze questions from a book.
func ExampleGenerator() {
	ctx := context.Background()
	jieba, err := corpus.NewJieba(corpus.JiebaOptions{})
	if err != nil {
		log.Fatal(err)
	}
	book := func(yield func(corpus.Document, error) bool) {
		yield(corpus.Document{ID: "fox", Text: "小狐狸捡到一只篮子。它把篮子挂在树枝上，等失主来找。\n" +
			"傍晚，一只刺猬跑来，看见篮子就笑了。“谢谢你，小狐狸！”刺猬说。"}, nil)
	}
	documents, _ := corpus.Prepare(ctx, book, corpus.PrepareOptions{Segmenter: jieba})
	generator := corpus.Generator{PerPassage: 2, Seed: 1}
	for d, err := range documents {
		if err != nil {
			log.Fatal(err)
		}
		// A real book is cut into passages, so that each of them is asked about.
		for _, passage := range corpus.Passages(d, 400) {
			for _, q := range generator.Questions(passage, jieba.IsNoun) {
				fmt.Println(q.ID, corpus.JoinWords(q.Left())+"____"+corpus.JoinWords(q.Right()), q.Answer)
			}
		}
	}
	// Output:
	// fox#1 小狐狸捡到一只篮子。它把篮子挂在树枝上，等失主来找。傍晚，一只____跑来，看见篮子就笑了。“谢谢你，小狐狸！”刺猬说。 刺猬
	// fox#2 小____捡到一只篮子。它把篮子挂在树枝上，等失主来找。傍晚，一只刺猬跑来，看见篮子就笑了。“谢谢你，小狐狸！”刺猬说。 狐狸
}

// Read the contest's questions.
func ExampleQuestionSource() {
	source := corpus.QuestionSource{Format: corpus.FormatCMRC2017,
		Path: "testdata/fox.doc_query", Answers: "testdata/fox.answer"}
	for q, err := range source.Questions(context.Background(), corpus.QuestionOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(corpus.FormatAnswer(q.ID, q.Answer), "| left:", len(q.Left()), "words, right:", len(q.Right()))
	}
	// Output:
	// <qid_0> ||| 篮子 | left: 11 words, right: 24
	// <qid_2> ||| 剪刀 | left: 15 words, right: 13
}

// Remove what shares text with validation questions.
func ExampleLeaks() {
	leaks, err := corpus.NewLeaks(corpus.DefaultLeakRun)
	if err != nil {
		log.Fatal(err)
	}
	leaks.Add("qid_5", strings.Fields("灯塔 每天晚上 眨 着 眼睛 ， 等 船长 平安 回家 。"))
	question, leaked := leaks.Find("从前，燈塔每天晚上眨着眼睛，等漁夫平安回來……")
	fmt.Printf("%q %v\n", question, leaked)
	question, leaked = leaks.Find("从前，燈塔每天晚上眨着眼睛，等船長平安回來……")
	fmt.Printf("%q %v\n", question, leaked)
	// Output:
	// "" false
	// "qid_5" true
}

// Cut a text at the ends of its sentences.
func ExampleSentences() {
	for _, s := range corpus.Sentences("“讓開！”狐狸說……老虎聽了，很生氣。") {
		fmt.Println(s)
	}
	// Output:
	// “讓開！”狐狸說……
	// 老虎聽了，很生氣。
}

// Clean a text by some of the steps.
func ExampleCleaner() {
	steps, err := corpus.StepsByName("spaces", "half_width", "simplify")
	if err != nil {
		log.Fatal(err)
	}
	cleaner := corpus.NewCleaner(steps...)
	counts := cleaner.Steps()
	fmt.Println(cleaner.Clean("老裁縫\u3000有１把剪刀", counts))
	for _, c := range counts {
		fmt.Println(c.Name, c.Characters)
	}
	// Output:
	// 老裁缝 有1把剪刀
	// spaces 1
	// half_width 1
	// simplify 1
}

// Find words with their places in the original text.
func ExampleAnalyzer() {
	jieba, err := corpus.NewJieba(corpus.JiebaOptions{})
	if err != nil {
		log.Fatal(err)
	}
	analyzer := corpus.Analyzer{
		Cleaner:   corpus.NewCleaner(append([]corpus.Step{corpus.HTML()}, corpus.StandardSteps()...)...),
		Segmenter: jieba,
		Filters:   []corpus.TokenFilter{corpus.DropPunctuation(), corpus.TagWords(jieba.Tag), corpus.KeepTags("n", "v")},
	}
	text := "<p>老<b>裁縫</b>&nbsp;笑了！</p><p>燈塔亮了。</p>"
	for tokens := range analyzer.Sentences(text) {
		for _, t := range tokens {
			fmt.Println(t.Text, t.Tag, t.Start, t.End, text[t.Start:t.End])
		}
	}
	// Output:
	// 裁缝 n 9 15 裁縫
	// 笑 v 25 28 笑
	// 灯塔 n 41 47 燈塔
	// 亮 v 47 50 亮
}

// Report what cleaning has changed.
func ExampleStepCount() {
	advertisements, err := corpus.Advertisements("^童话周刊")
	if err != nil {
		log.Fatal(err)
	}
	cleaner := corpus.NewCleaner(corpus.Punctuation(), advertisements)
	counts := cleaner.Steps()
	fmt.Printf("%q\n", cleaner.Clean("「灯塔亮了...」船长说.\n童话周刊第三期\n上一篇：雪人\n", counts))
	for _, c := range counts {
		fmt.Printf("%s: %d characters, %d of them gone, such as %q\n", c.Name, c.Characters, c.Removed, c.Examples[0].Before)
	}
	// Output:
	// "“灯塔亮了……”船长说。\n"
	// punctuation: 6 characters, 1 of them gone, such as "「灯塔亮了...」船长说."
	// advertisements: 15 characters, 15 of them gone, such as "灯塔亮了……”船长说。\n童话周刊第三期\n上一篇：雪人\n"
}

// Compare a segmentation with a gold standard.
func ExampleSegmentationScore() {
	var score corpus.SegmentationScore
	if err := score.Add(strings.Fields("小 狐狸 在 河边"), strings.Fields("小狐狸 在 河边")); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("precision %.2f, recall %.2f, F1 %.2f\n", score.Precision(), score.Recall(), score.F1())
	// Output:
	// precision 0.67, recall 0.50, F1 0.57
}
