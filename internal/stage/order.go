package stage

import (
	"fmt"
	"strings"
)

// order checks stages and returns those that target needs, each after all
// that it needs, otherwise in the order given. An empty target means all.
// A stage that needs a skipped one comes back skipped too.
func order(stages []Stage, target string) ([]Stage, error) {
	byName := map[string]int{}
	for i, s := range stages {
		if err := check(s); err != nil {
			return nil, err
		}
		if _, ok := byName[s.Name]; ok {
			return nil, fmt.Errorf("stage: two stages are named %s", s.Name)
		}
		byName[s.Name] = i
	}
	for _, s := range stages {
		for _, n := range s.Needs {
			if _, ok := byName[n.Stage]; !ok {
				return nil, fmt.Errorf("stage: %s needs %s, which is no stage", s.Name, n.Stage)
			}
		}
	}
	if target != "" {
		if _, ok := byName[target]; !ok {
			return nil, &UserError{Message: fmt.Sprintf("there is no stage %s", target)}
		}
	}
	v := visitor{stages: stages, byName: byName, state: make([]int, len(stages)), reason: map[string]string{}}
	for i, s := range stages {
		if target == "" || s.Name == target {
			if err := v.visit(i); err != nil {
				return nil, err
			}
		}
	}
	return v.ordered, nil
}

type visitor struct {
	stages  []Stage
	byName  map[string]int
	state   []int             // 0 not seen, 1 on the path, 2 done
	path    []string          // the names on the way to here
	reason  map[string]string // why a stage is skipped
	ordered []Stage
}

func (v *visitor) visit(i int) error {
	s := v.stages[i]
	switch v.state[i] {
	case 1:
		return fmt.Errorf("stage: the needs run in a circle: %s", strings.Join(append(v.path, s.Name), " -> "))
	case 2:
		return nil
	}
	v.state[i] = 1
	v.path = append(v.path, s.Name)
	needs := make([]Need, 0, len(s.Needs))
	for _, n := range s.Needs {
		if err := v.visit(v.byName[n.Stage]); err != nil {
			return err
		}
		why := v.reason[n.Stage]
		if why == "" {
			needs = append(needs, n)
			continue
		}
		if !n.Optional && s.Skip == "" {
			s.Skip = fmt.Sprintf("%s has no input (%s)", n.Stage, why)
		}
	}
	s.Needs = needs
	v.reason[s.Name] = s.Skip
	v.path = v.path[:len(v.path)-1]
	v.state[i] = 2
	v.ordered = append(v.ordered, s)
	return nil
}

// check finds mistakes within one stage.
func check(s Stage) error {
	if !isStageName(s.Name) {
		return fmt.Errorf("stage: %q cannot be a stage's name", s.Name)
	}
	inputs := map[string]bool{}
	for _, in := range s.Inputs {
		switch {
		case in.Name == "":
			return fmt.Errorf("stage: %s has an input without a name", s.Name)
		case inputs[in.Name]:
			return fmt.Errorf("stage: %s has two inputs named %s", s.Name, in.Name)
		case (in.Path == "") == (in.SHA256 == ""):
			return fmt.Errorf("stage: input %s of %s must have either a path or a hash", in.Name, s.Name)
		case in.SHA256 != "" && !isHash(in.SHA256):
			return fmt.Errorf("stage: input %s of %s: %q is no SHA-256", in.Name, s.Name, in.SHA256)
		}
		inputs[in.Name] = true
	}
	needs := map[string]bool{}
	for _, n := range s.Needs {
		if needs[n.Stage] {
			return fmt.Errorf("stage: %s names %s twice among its needs", s.Name, n.Stage)
		}
		needs[n.Stage] = true
		for _, f := range n.Files {
			if !isFilePath(f) {
				return fmt.Errorf("stage: %s needs %q of %s, which is no path of a file", s.Name, f, n.Stage)
			}
		}
	}
	return nil
}
