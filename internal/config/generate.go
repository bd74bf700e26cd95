package config

import (
	"reflect"
	"regexp"
)

var tagPattern = regexp.MustCompile(`^[a-zA-Z]{1,5}$`)

// checkGenerate checks the settings of generated questions.
func (d *decoder) checkGenerate(key string, s QuestionSource) {
	for _, bounds := range []struct {
		name     string
		min, max int
	}{
		{"words", s.MinWords, s.MaxWords}, {"occurrences", s.MinOccurrences, s.MaxOccurrences},
		{"characters", s.MinCharacters, s.MaxCharacters}, {"distance", s.MinDistance, s.MaxDistance},
	} {
		if bounds.max > 0 && bounds.min > bounds.max {
			d.at(key+".min_"+bounds.name, "%d is more than max_%s, which is %d", bounds.min, bounds.name, bounds.max)
		}
	}
	for _, tag := range s.PartsOfSpeech {
		if !tagPattern.MatchString(tag) {
			d.at(key+".parts_of_speech", "found %q, expected the beginning of a tag of jieba's, such as n (nouns of any kind), nr (people), ns (places) or v (verbs)", clip(tag))
		}
	}
	d.checkMatch(key+".match", s.Match)
}

func (d *decoder) checkMatch(key string, m Match) {
	if m == (Match{}) {
		return
	}
	d.checkEncoding(key, m.Format, m.Encoding)
	switch {
	case m.Format == "":
		d.at(key, "%q is missing", "format")
	case m.Path.IsZero():
		d.at(key, "%q is missing", "path")
	case m.Format == "cmrc2017" && m.Answers.IsZero():
		d.at(key, "%q is missing: %s questions have their answers in a file of their own", "answers", m.Format)
	case m.Format != "cmrc2017" && !m.Answers.IsZero():
		d.at(key+".answers", "%s questions bring their answers", m.Format)
	}
}

// generateOnly are the keys that no other format has.
var generateOnly = []string{"per_passage", "parts_of_speech", "any_script", "min_occurrences", "max_occurrences",
	"min_characters", "max_characters", "min_distance", "max_distance", "min_words", "max_words", "match"}

// checkGenerateOnly refuses them in other formats.
func (d *decoder) checkGenerateOnly(key string, s QuestionSource) {
	v := reflect.ValueOf(s)
	for _, f := range fieldsOf(v.Type()) {
		for _, name := range generateOnly {
			if f.key == name && !v.FieldByIndex(f.index).IsZero() {
				d.at(key+"."+name, "only format generate has %s, this source is %s", name, s.Format)
			}
		}
	}
}
