package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Small vectors in which royalty and sex are axes.
const smallVectors = "5 3\n国王 2 1 0\n王后 2 -1 0\n男人 0.1 1 0\n女人 0.1 -1 0\n苹果 0 0 5\n"

func TestVectorCommands(t *testing.T) {
	dir := t.TempDir()
	path := func(name, text string) string {
		write(t, filepath.Join(dir, name), text)
		return filepath.Join(dir, name)
	}
	vectors := path("v.vec", smallVectors)
	pairs := path("pairs.txt", "国王\t王后\t9\n国王\t苹果\t1\n男人\t女人\t2\n国王\t梨\t3\n")
	questions := path("q.txt", ": royal\n男人 女人 国王 王后\n男人 女人 国王 公主\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"neighbors", "国王", "--top", "2"}, "0.6000  王后\n0.5340  男人\n"},
		{[]string{"neighbors", "国王", "苹果", "--top", "1", "--json"}, `[{"word":"国王","neighbors":[{"word":"王后","similarity":0.`},
		{[]string{"neighbors", "国王", "--limit", "2", "--top", "9"}, "0.6000  王后\n"},
		{[]string{"analogy", "男人", "女人", "国王", "--top", "1"}, "  王后\n"},
		{[]string{"analogy", "--file", questions}, "        2         1         1    1.0000  royal\n"},
		{[]string{"analogy", "--file", questions, "--json"}, `{"section":"all","questions":2,"covered":1,"correct":1,"accuracy":1}`},
		{[]string{"similarity", pairs}, "Spearman 0.5000 over 3 of 4 pairs (75.0 %)\n"},
		{[]string{"similarity", pairs, "--json"}, `{"pairs":4,"covered":3,"coverage":0.75,"spearman":0.5}`},
		{[]string{"similarity", pairs, "--limit", "1", "--json"}, `"spearman":null`},
		{[]string{"plot", "--output", "-"}, ">国王</text>"},
	} {
		r := expect(t, exitDone, "", append(c.args, "--vectors", vectors)...)
		if !strings.Contains(r.out, c.want) {
			t.Errorf("%v: printed %q, expected %q", c.args, r.out, c.want)
		}
	}
	for _, c := range []struct {
		code    int
		message string
		args    []string
	}{
		{exitFailed, `unknown word "国玉"; words like it are 国王`, []string{"neighbors", "国玉", "--vectors", vectors}},
		{exitFailed, "'pipeline embed -w " + dir, []string{"neighbors", "国王", "-w", dir}},
		{exitFailed, "nowhere.bin", []string{"neighbors", "国王", "--vectors", "nowhere.bin"}},
		{exitFailed, "q.txt:1: ", []string{"similarity", questions, "--vectors", vectors}},
		{exitUsage, "--limit", []string{"neighbors", "国王", "--vectors", vectors, "--limit", "-1"}},
		{exitUsage, "--top", []string{"neighbors", "国王", "--vectors", vectors, "--top", "0"}},
		{exitUsage, "accepts 3 arg(s)", []string{"analogy", "国王"}},
		{exitUsage, "takes the place of the three words", []string{"analogy", "国王", "--file", questions}},
		{exitUsage, "--words", []string{"plot", "--words", "2", "--vectors", vectors}},
	} {
		expect(t, c.code, c.message, c.args...)
	}
	svg := filepath.Join(dir, "words.svg")
	expect(t, exitDone, "wrote "+svg, "plot", "-o", svg, "--vectors", vectors)
	if _, err := os.Stat(svg); err != nil {
		t.Error(err)
	}
}
