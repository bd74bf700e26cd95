package pipeline

import "wakong/corpus"

// warnOfText tells on the terminal what of the text was hardly read right.
func (p *Pipeline) warnOfText(report *segmentReport) {
	for _, s := range report.Sources {
		for _, e := range s.Encodings {
			if len(e.Doubtful) > 0 {
				p.ui.Warn(Segment, "%s: the guess %s hardly fits %s, the first is %s; name the encoding", s.Name, e.Name, counted(len(e.Doubtful), "file"), e.Doubtful[0])
			}
		}
	}
	for _, m := range report.Mojibake {
		hint := ""
		if m.Repairable && !p.repairs() {
			hint = "; the step repair_mojibake brings it back"
		}
		p.ui.Warn(Segment, "%s hold text that was once decoded wrongly (%s, %d characters), examples in %s%s", counted(int(m.Documents), "document"), m.Kind, m.Characters, reportFile, hint)
	}
}

func (p *Pipeline) repairs() bool {
	for _, name := range p.config.Segment.Steps {
		if name == corpus.RepairMojibake().Name {
			return true
		}
	}
	return false
}
