package corpus

// DefaultLeakRun is the length of a run of Chinese characters that two texts
// do not share by chance: formulas of tales ("从前有一个国王他有三个女儿")
// reach some twelve.
const DefaultLeakRun = 16

// A LeakReport lists what was removed because it shares text with validation
// questions.
type LeakReport struct {
	Samples   int        `json:"samples"`   // before repeated passages were dropped
	Documents int        `json:"documents"` // distinct passages
	Cases     []LeakCase `json:"cases"`     // one for each sample
}

// A LeakCase is one sample that was removed, and a question that it shares
// text with.
type LeakCase struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Question string `json:"question"`
}
