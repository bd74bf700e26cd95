package pipeline

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"wakong/embed"
)

// TestMemoryOfVectors counts and trains the sentences named by
// WAKONG_MEMORY_SENTENCES as the stage embed does, with WAKONG_MEMORY_THREADS
// threads (2 if not given), asynchronously where WAKONG_MEMORY_ASYNCHRONOUS is
// set, and holds the process's peak against vectors and vocabulary plus 256 MB.
// Windows are narrow, negatives and epochs few, frequent words mostly left out, to
// be done soon: that changes batches alone, of which there are a few megabytes for
// each thread.
func TestMemoryOfVectors(t *testing.T) {
	path := os.Getenv("WAKONG_MEMORY_SENTENCES")
	if path == "" {
		t.Skip("WAKONG_MEMORY_SENTENCES names no text")
	}
	threads := 2
	if text := os.Getenv("WAKONG_MEMORY_THREADS"); text != "" {
		var err error
		if threads, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	start, began := time.Now(), memoryInUse()
	words, err := embed.CountWords(t.Context(), sentences(path), 2)
	if err != nil {
		t.Fatal(err)
	}
	counted, afterCounting := time.Since(start), peakMemory(t)
	vocabulary := memoryInUse() - began
	p := embed.DefaultParams()
	p.Window, p.Negative, p.Epochs, p.Sample = 1, 1, 1, 1e-6
	p.Asynchronous = os.Getenv("WAKONG_MEMORY_ASYNCHRONOUS") != ""
	matrices := embed.MatrixBytes(words, p.Size)
	defer limitMemory(matrices)()
	start = time.Now()
	vectors, err := embed.Train(t.Context(), words, sentences(path), p, embed.Options{
		Threads: threads, Checkpoint: embed.Checkpoint{Path: filepath.Join(t.TempDir(), "checkpoint"), Every: 50_000_000},
	})
	if err != nil {
		t.Fatal(err)
	}
	trained, peak := time.Since(start), peakMemory(t)
	beside := peak - matrices - vocabulary
	t.Logf("%d words, %d in the vocabulary, %d threads: counted in %.0f s (peak %d MB), trained in %.0f s", words.Total(), words.Len()-1, threads, counted.Seconds(), afterCounting>>20, trained.Seconds())
	t.Logf("peak %d MB: vectors %d MB, vocabulary %d MB, beside them %d MB", peak>>20, matrices>>20, vocabulary>>20, beside>>20)
	if beside > 256<<20 {
		t.Errorf("%d MB beside vectors and vocabulary, expected 256 at most", beside>>20)
	}
	runtime.KeepAlive(vectors)
}

// memoryInUse is the bytes of the heap that something holds.
func memoryInUse() int64 {
	debug.FreeOSMemory()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return int64(now.HeapAlloc)
}

// peakMemory is the largest resident set of the process so far, in bytes.
func peakMemory(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc/self/status to read the peak from")
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	var kilobytes int64
	if _, err := fmt.Sscan(string(rest), &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
