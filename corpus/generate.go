package corpus

// A Generator makes cloze questions of segmented documents by the recipe of
// CMRC 2017: choose a noun that occurs at least twice, blank one occurrence.
type Generator struct {
	PerPassage     int    // most questions a document; 0 means 20
	Seed           uint64 // of the draws, together with the document's id
	MinOccurrences int    // of the answer in the document, the blank included; 0 means 2
	MinWords       int    // shorter passages are skipped; 0 means 20
	MaxWords       int    // longer passages are cut around the blank; 0 means 480
}
