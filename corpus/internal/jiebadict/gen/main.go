// Command gen packs the dictionaries of gojieba into a folder:
//
//	go run ./gen data
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
	"github.com/yanyiwu/gojieba"

	"wakong/corpus/internal/jiebadict"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: gen FOLDER")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(folder string) error {
	dictionary, err := os.ReadFile(gojieba.DICT_PATH)
	if err != nil {
		return err
	}
	model, err := os.ReadFile(gojieba.HMM_PATH)
	if err != nil {
		return err
	}
	columns, err := jiebadict.Split(dictionary)
	if err != nil {
		return fmt.Errorf("%s: %w", gojieba.DICT_PATH, err)
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(8<<20))
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"prefix": columns.Prefix, "suffix": columns.Suffix, "frequency": columns.Frequency, "tag": columns.Tag, "hmm": model,
	} {
		packed := encoder.EncodeAll(content, nil)
		fmt.Printf("%-10s %8d -> %7d bytes\n", name, len(content), len(packed))
		if err := os.WriteFile(filepath.Join(folder, name+".zst"), packed, 0o644); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(jiebadict.Manifest{
		Dictionary: hash(dictionary), Model: hash(model), Tags: columns.Tags,
	}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "manifest.json"), append(manifest, '\n'), 0o644)
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
