package corpus

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yanyiwu/gojieba"

	"wakong/corpus/internal/jiebadict"
)

// JiebaOptions choose how jieba segments.
type JiebaOptions struct {
	// HMM lets jieba guess words that its dictionary lacks. Off, as the
	// published method has it: unknown names fall into single characters.
	HMM bool
	// UserDictionary is the path of a file of further words, one a line:
	// "word", "word frequency", "word tag" or "word frequency tag".
	UserDictionary string
	// CacheDir is where the dictionaries are unpacked to; "" means the folder
	// wakong in the user's cache folder, or else wakong-UID in that for temporary files.
	CacheDir string
}

// Jieba segments Chinese text by jieba's dictionary
// (https://github.com/fxsjy/jieba): the most probable path through the words
// that the text could be made of.
//
// It is safe for concurrent use. All of a process share one dictionary of
// some 100 MB underneath, one for each user dictionary.
type Jieba struct {
	jieba *gojieba.Jieba
	hmm   bool
	tags  *jiebadict.Tagger
	user  map[string]string // part of speech of the user dictionary's words
}

// The C++ instances live as long as the process: loading one takes about a
// second and cppjieba supports one a process well. Nothing here depends on who
// asked first, since an instance is never changed after it was made.
var jiebas = struct {
	sync.Mutex
	made map[string]*gojieba.Jieba
}{made: map[string]*gojieba.Jieba{}}

// NewJieba loads jieba. The dictionaries are unpacked from the program itself
// at first use and verified at each later one; a fault in the user dictionary
// is an *InputError.
func NewJieba(o JiebaOptions) (*Jieba, error) {
	var user userDictionary
	if o.UserDictionary != "" {
		var err error
		if user, err = openUserDictionary(o.UserDictionary); err != nil {
			return nil, err
		}
	}
	tags, err := jiebadict.NewTagger()
	if err != nil {
		return nil, err
	}
	j := &Jieba{hmm: o.HMM, tags: tags, user: user.tags}
	jiebas.Lock()
	defer jiebas.Unlock()
	key := string(user.file)
	if j.jieba = jiebas.made[key]; j.jieba != nil {
		return j, nil
	}
	// cppjieba aborts the process on a file that it cannot read. Unpack has
	// just read each one and found it right.
	p, err := jiebadict.Unpack(o.CacheDir, user.file)
	if err != nil {
		return nil, err
	}
	j.jieba = gojieba.NewJieba(p.Dictionary, p.Model, p.User, p.IDF, p.StopWords)
	jiebas.made[key] = j.jieba
	return j, nil
}

// mostBytes bounds what is handed to jieba at once: it takes some 200 bytes of
// memory a character for a stretch without a comma.
const mostBytes = 64 << 10

// Words segments a text. Joined, the words give the text back, save for NUL,
// which is dropped, and bytes that are no UTF-8, which become U+FFFD. White
// space comes as words of its own. Runs of Latin letters and digits stay
// together, which jieba by itself leaves in single characters.
func (j *Jieba) Words(text string) []string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "") // ends a C string
	}
	end := jiebaPiece(text)
	if end == len(text) {
		return mergeAlphanumeric(text, j.jieba.Cut(text, j.hmm))
	}
	words := make([]string, 0, len(text)/4)
	for rest := text; rest != ""; {
		end := jiebaPiece(rest)
		words = append(words, j.jieba.Cut(rest[:end], j.hmm)...)
		rest = rest[end:]
	}
	return mergeAlphanumeric(text, words)
}

// separators are what jieba cuts a text at before it looks for words, so that the
// pieces between them do not matter to each other.
const separators = " \t\n，。"

// jiebaPiece is the end of the first piece of a text that is handed to jieba: that
// of some separator, or, where there is none for long, of some character. The
// scheduler takes the processor from a goroutine that stays in C for 20
// microseconds, and to get one back costs more than a call: with pieces of this
// size it seldom comes to that.
func jiebaPiece(text string) int {
	const least = 96
	if len(text) <= 2*least {
		return len(text)
	}
	if i := strings.IndexAny(text[least:min(len(text), mostBytes)], separators); i >= 0 {
		_, n := utf8.DecodeRuneInString(text[least+i:])
		return least + i + n
	}
	if len(text) <= mostBytes {
		return len(text)
	}
	end := mostBytes
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}

// mergeAlphanumeric joins neighbouring words of ASCII letters and digits. The
// words are consecutive pieces of the text.
func mergeAlphanumeric(text string, words []string) []string {
	kept := words[:0]
	start, end := 0, 0 // of the last kept word in text
	previous := false
	for _, w := range words {
		ascii := isAlphanumericWord(w)
		if ascii && previous {
			end += len(w)
			kept[len(kept)-1] = text[start:end]
			continue
		}
		start, end = end, end+len(w)
		kept = append(kept, w)
		previous = ascii
	}
	return kept
}

func isAlphanumericWord(w string) bool {
	for i := 0; i < len(w); i++ {
		if !isAlphanumeric(w[i]) {
			return false
		}
	}
	return w != ""
}

// Tag is the part of speech of one word by the dictionary, in the notation of
// ICTCLAS: "n" noun, "nr" person, "ns" place, "v" verb, ... A word that the
// dictionary lacks is "m" if made of digits, "eng" if of other ASCII
// characters, else "x".
func (j *Jieba) Tag(word string) string {
	if tag := j.user[word]; tag != "" {
		return tag
	}
	if tag := j.tags.Tag(word); tag != "" {
		return tag
	}
	ascii, digits := 0, 0
	for i := 0; i < len(word); i++ {
		if word[i] < utf8.RuneSelf {
			ascii++
		}
		if word[i] >= '0' && word[i] <= '9' {
			digits++
		}
	}
	switch {
	case word == "" || ascii < len(word):
		return "x"
	case digits == len(word):
		return "m"
	}
	return "eng"
}

// IsNoun tells whether the dictionary has the word as a noun of any kind (its
// tag begins with n) and it consists of Chinese characters.
func (j *Jieba) IsNoun(word string) bool {
	return allHan(word) && strings.HasPrefix(j.Tag(word), "n")
}
