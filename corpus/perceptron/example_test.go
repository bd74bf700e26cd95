package perceptron_test

import (
	"context"
	"fmt"
	"strings"

	"wakong/corpus"
	"wakong/corpus/perceptron"
)

// A measure word is a word of its own in the text that is learned from; jieba
// has 一只 for one.
func Example() {
	jieba, err := corpus.NewJieba(corpus.JiebaOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	text := []string{"山上 有 一 只 狐狸", "来 了 两 只 青蛙", "那 只 猫 走 了", "一 只 山羊 看见 三 只 兔子"}
	sentences := func(yield func([]string, error) bool) {
		for _, line := range text {
			if !yield(strings.Fields(line), nil) {
				return
			}
		}
	}
	s, err := perceptron.Train(context.Background(), sentences, perceptron.TrainOptions{Guide: jieba, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Join(jieba.Words("山羊看见一只青蛙"), " "))
	fmt.Println(strings.Join(s.Words("山羊看见一只青蛙"), " "))
	// Output:
	// 山羊 看见 一只 青蛙
	// 山羊 看见 一 只 青蛙
}
