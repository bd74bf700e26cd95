package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"wakong/internal/browsertest"
)

// TestServe answers as predict does, and ends well at the first signal.
func TestServe(t *testing.T) {
	_, flags := project(t, smallConfig)
	expect(t, exitFailed, "pipeline train", append([]string{"serve"}, flags...)...)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	const passage = "狐狸提着灯笼走过木桥。XXXXX说：“山羊，你好！”"
	predicted := commandWith(t.Context(), `{"id":"1","passage":"`+passage+`"}`,
		append([]string{"predict", "-i", "-", "--format", "jsonl", "--top", "3"}, flags...)...)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		address, process, end := served(t, flags...)
		response, err := http.Post(address+"v1/cloze", "application/json", strings.NewReader(`{"passage":"`+passage+`","top":3}`))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != 200 {
			t.Fatalf("%s %s %v", response.Status, body, err)
		}
		if got, want := answersIn(t, body), answersIn(t, []byte(predicted.out)); got != want {
			t.Errorf("serve answers %s, predict %s", got, want)
		}
		if err := process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := end(); err != nil {
			t.Errorf("after %v: %v", signal, err)
		}
	}
	expect(t, exitUsage, "--max-words", append([]string{"serve", "--max-words", "1"}, flags...)...)
	expect(t, exitFailed, "--addr names another", append([]string{"serve", "--addr", "127.0.0.1:99999"}, flags...)...)
}

// served starts the server as a process of its own. end waits for its end.
func served(t *testing.T, flags ...string) (address string, process *os.Process, end func() error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...)...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	messages, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(messages)
	for address == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		address = regexp.MustCompile(`http://[0-9.:]+/`).FindString(line)
	}
	return address, cmd.Process, func() error {
		io.Copy(io.Discard, lines)
		return cmd.Wait()
	}
}

// TestServeMany: 50 clients at once get what each would get alone, and the end
// comes while they are being answered.
func TestServeMany(t *testing.T) {
	_, flags := project(t, smallConfig)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	address, process, end := served(t, flags...)
	ask := func(i int) (string, error) {
		passage := strings.Repeat("狐狸提着灯笼走过木桥。", 1+i%7) + "XXXXX说：“山羊，你好！”"
		response, err := http.Post(address+"v1/cloze", "application/json", strings.NewReader(`{"passage":"`+passage+`","top":3}`))
		if err != nil {
			return "", err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err == nil && response.StatusCode != 200 {
			err = errors.New(response.Status)
		}
		return string(body), err
	}
	alone := make([]string, 7)
	for i := range alone {
		var err error
		if alone[i], err = ask(i); err != nil {
			t.Fatal(err)
		}
	}
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			if got, err := ask(i); err != nil || got != alone[i%7] {
				t.Errorf("client %d: %q %v, alone %q", i, got, err, alone[i%7])
			}
		})
	}
	group.Wait()
	response, err := http.Get(address + "metrics")
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := io.ReadAll(response.Body)
	response.Body.Close()
	if want := `wakong_requests_total{code="200",path="POST /v1/cloze"} 57`; err != nil || !strings.Contains(string(metrics), want) {
		t.Errorf("%v: %s is not in\n%s", err, want, metrics)
	}
	if err := process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

// TestServeInBrowser asks a trained network, in Chromium.
func TestServeInBrowser(t *testing.T) {
	b := browsertest.Start(t)
	_, flags := project(t, smallConfig)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	address, process, end := served(t, append(flags, "--max-words", "60")...)
	p := b.Open(address, browsertest.Screen{Width: 1000, Height: 800})
	const answered = `document.querySelectorAll("#answers li").length === 8 && document.querySelector("#passage .blank") !== null`

	// Traditional text, in the passage's own characters.
	p.Click("#text")
	p.Type("晚上，貓聽見老鼠唱歌。老鼠說：“我給XXXXX唱歌。”磨坊裡住著一隻貓。")
	p.Click("#form button")
	p.Wait(answered)
	passage := p.Text("#passage")
	if !strings.Contains(passage, "貓聽見老鼠唱歌") || !strings.Contains(passage, "磨坊裡") {
		t.Errorf("the passage is %q", passage)
	}
	var answer struct {
		Answers []string
		Sum     float64
		Shades  []float64
	}
	p.Get(`({answers: [...document.querySelectorAll("#answers .word")].map((e) => e.textContent),
		sum: [...document.querySelectorAll("#passage button")].reduce((s, e) => s + parseFloat(e.title), 0),
		shades: [...document.querySelectorAll("#passage button")].map((e) => +e.style.getPropertyValue("--share"))})`, &answer)
	if !slices.Contains(answer.Answers, "老鼠") && !slices.Contains(answer.Answers, "貓") {
		t.Errorf("answers %v", answer.Answers)
	}
	if answer.Sum < 98 || answer.Sum > 102 || slices.Max(answer.Shades) != 0.75 {
		t.Errorf("the positions have %.1f %% together, shades %v", answer.Sum, answer.Shades)
	}
	// The same words as from the API.
	body := `{"passage":"晚上，貓聽見老鼠唱歌。老鼠說：“我給XXXXX唱歌。”磨坊裡住著一隻貓。","top":8}`
	response, err := http.Post(address+"v1/cloze", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var found struct{ Answers []struct{ Word string } }
	err = json.NewDecoder(response.Body).Decode(&found)
	response.Body.Close()
	if err != nil || len(found.Answers) != 8 || found.Answers[0].Word != answer.Answers[0] || found.Answers[7].Word != answer.Answers[7] {
		t.Errorf("the API answers %v, the page %v: %v", found, answer.Answers, err)
	}

	// Text that is too long is cut, and the page says so.
	p.Get(`document.getElementById("text").value = "狐狸提着灯笼走过木桥。".repeat(30) + "XXXXX说：“你好！”" + "山羊走了。".repeat(30); null`, nil)
	p.Click("#form button")
	p.Wait(answered + ` && document.getElementById("status").textContent.includes("were left out")`)
	if n := p.Count("#passage button"); n != 60 {
		t.Errorf("%d words are shown, want 60", n)
	}

	// Tales, words of several characters.
	p.Click("#tales button")
	p.Wait(`document.querySelector("#passage .blank") === null && document.querySelectorAll("#passage button").length > 60`)
	word := p.Text("#passage [data-place='2']")
	if word != "狐狸" {
		t.Errorf("the third word is %q", word)
	}
	p.Click("#passage [data-place='2']")
	p.Wait(answered + ` && document.getElementById("status").textContent.includes("“狐狸”")`)
	p.Screenshot("serve-desk")
	if problems := p.Problems(address); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
	if err := process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Errorf("with a page open: %v", err)
	}
}

func answersIn(t *testing.T, body []byte) string {
	t.Helper()
	var holder struct{ Answers json.RawMessage }
	if err := json.Unmarshal(bytes.TrimSpace(body), &holder); err != nil || len(holder.Answers) == 0 {
		t.Fatalf("%s: %v", body, err)
	}
	return string(holder.Answers)
}
