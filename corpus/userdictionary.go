package corpus

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// userDictionary is a user's word list in the form that cppjieba takes.
type userDictionary struct {
	file []byte
	tags map[string]string
}

// CheckUserDictionary tells what is wrong with a file of further words, an
// *InputError that names its line, without loading jieba.
func CheckUserDictionary(path string) error {
	_, err := openUserDictionary(path)
	return err
}

func openUserDictionary(path string) (userDictionary, error) {
	f, err := openFile(path, path)
	if err != nil {
		return userDictionary{}, err
	}
	defer f.Close()
	return readUserDictionary(f, path)
}

// readUserDictionary checks a word list, since cppjieba reads anything and
// then works with what it has not understood.
func readUserDictionary(r io.Reader, name string) (userDictionary, error) {
	const want = `"word", "word frequency", "word tag" or "word frequency tag"`
	u := userDictionary{tags: map[string]string{}}
	var file bytes.Buffer
	lines := newLineReader(r, name, nil)
	for {
		b, err := lines.next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = lines.checkNUL(b)
		}
		if err != nil {
			return u, err
		}
		f := strings.Fields(string(b))
		if len(f) == 0 {
			continue
		}
		word, frequency, tag := f[0], 0, ""
		if tooLong(word) {
			return u, &InputError{File: name, Line: lines.line, Found: "the word " + quote(word), Want: fmt.Sprintf("words of at most %d characters", MaxWord)}
		}
		switch len(f) {
		case 1:
		case 2:
			if n, err := strconv.Atoi(f[1]); err == nil {
				frequency = n
			} else {
				tag = f[1]
			}
		case 3:
			n, err := strconv.Atoi(f[1])
			if err != nil {
				return u, &InputError{File: name, Line: lines.line, Found: "frequency " + quote(f[1]), Want: want}
			}
			frequency, tag = n, f[2]
		default:
			return u, &InputError{File: name, Line: lines.line, Found: fmt.Sprintf("%d fields", len(f)), Want: want}
		}
		if len(f) > 1 && tag != f[1] && (frequency < 1 || frequency > 1<<30) {
			return u, &InputError{File: name, Line: lines.line, Found: "frequency " + quote(f[1]), Want: "a number from 1 to 2^30"}
		}
		if tag == "" {
			tag = "x"
		}
		u.tags[word] = tag
		if frequency > 0 {
			fmt.Fprintf(&file, "%s %d %s\n", word, frequency, tag)
		} else {
			fmt.Fprintf(&file, "%s %s\n", word, tag)
		}
	}
	u.file = file.Bytes()
	return u, nil
}
