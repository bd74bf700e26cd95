package corpus

// TextQuestion makes a question of one passage, segmented or not, with exactly
// one blank, as the formats "jsonl" and "text" of [QuestionSource] do. Faults
// are *InputErrors.
func TextQuestion(id, passage string, o QuestionOptions) (Question, error) {
	if o.Cleaner == nil {
		o.Cleaner = NewCleaner(StandardSteps()...)
	}
	return textQuestion(id, passage, "", 0, o)
}
