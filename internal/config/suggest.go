package config

import (
	"fmt"
	"strings"

	"wakong/internal/spelling"
)

// meanings maps names that people bring along from other tools to the key path
// that does the same here.
var meanings = map[string]string{
	"lr": "train.learning_rate", "rate": "train.learning_rate",
	"batch_size": "build.batch", "batchsize": "build.batch",
	"hidden": "train.units", "hidden_size": "train.units", "lstm_units": "train.units",
	"num_layers": "train.layers", "steps": "train.max_steps", "model": "train.network",
	"vector_size": "embed.size", "dim": "embed.size", "dimension": "embed.size",
	"embedding_size": "embed.size", "neg": "embed.negative", "negatives": "embed.negative",
	"iter": "embed.epochs", "mincount": "embed.min_count", "subsample": "embed.sample",
	"file": "path", "filename": "path", "dir": "path", "folder": "path", "type": "format",
	"url": "start", "urls": "start", "start_urls": "start", "charset": "encoding",
	"answer": "answers", "k": "predict.top", "validation": "build.valid", "dev": "build.valid",
	"inputs": "segment.sources", "documents": "segment.sources", "sites": "crawl.sites",
	"vectors": "embed", "word2vec": "embed", "crawler": "crawl", "jieba": "segment",
}

// likelyMeaning tells what an unknown key under parent may have meant: a key of
// the same section with nearly the same letters, a known name of another tool,
// or a key that stands in another section. Empty when nothing is likely.
func likelyMeaning(key, parent string, siblings []string) string {
	plain := strings.ReplaceAll(strings.ToLower(key), "-", "_")
	if near := spelling.Nearest(plain, siblings); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if path, ok := meanings[plain]; ok {
		section, name, dotted := strings.Cut(path, ".")
		for _, s := range siblings {
			if s == path || dotted && section == parent && s == name {
				return fmt.Sprintf("did you mean %q?", s)
			}
		}
		if dotted {
			return fmt.Sprintf("did you mean %q under %q?", name, section)
		}
	}
	for _, section := range sectionKeys() {
		if section.name != parent && contains(section.keys, plain) {
			return fmt.Sprintf("%q belongs under %q", plain, section.name)
		}
	}
	return ""
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
