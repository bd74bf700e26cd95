package stage

import "context"

// A Stage is one step of a pipeline: a function of its parameters, its
// outside inputs and the files it needs of other stages, which writes files
// into a folder.
type Stage struct {
	// Name is also the name of the stage's folder in the cache: lower-case
	// letters, digits, '-' and '_', beginning with a letter.
	Name string

	// Version is the version of the code that makes the output. Raise it
	// whenever the same inputs and parameters would give other bytes.
	Version int

	// Params holds every parameter that can change the output, usually a
	// struct. All its fields are part of the fingerprint, whatever their json
	// tags say, except those tagged `fingerprint:"-"`. See Canonical for what
	// it may hold. Paths do not belong in it: an Input has its content and
	// its name there.
	Params any

	// Inputs are the files from outside that the stage reads.
	Inputs []Input

	// List, where it is not nil, lists Inputs anew. Execute calls it before the
	// stage runs, since stages before it may have taken hours, and again after:
	// a file that was added while the stage read others is in no fingerprint.
	List func() []Input

	// Needs are the files of other stages that the stage reads.
	Needs []Need

	// Environment records what may change the bytes without making them
	// wrong, such as the instruction set used. It is not part of the
	// fingerprint: a result made in another environment is fresh, with a
	// notice. A partial result is never continued in another environment.
	Environment map[string]string

	// Skip, where it is not empty, says why the stage has nothing to do
	// ("build.train is not given"). Such a stage is not listed by Status,
	// and a stage that needs it is skipped too.
	Skip string

	// Run writes the output into r.Dir. It must stop soon after ctx is done
	// and return an error then.
	Run func(ctx context.Context, r *Run) error
}

// An Input is something from outside the workspace that a stage reads.
type Input struct {
	// Name tells the inputs of a stage apart, in the fingerprint and in
	// messages. It should not depend on where the file lies.
	Name string

	// Path is the file. The path is not part of the fingerprint, the file's
	// bytes are.
	Path string

	// SHA256 is the hash, in lower-case hexadecimal, of content that is not
	// a file (something embedded in the program). Give it in place of Path.
	SHA256 string
}

// A Need names files of another stage that a stage reads. Their content, not
// the other stage's fingerprint, is part of the fingerprint: a stage that is
// run again and gives the same bytes leaves those behind it fresh.
type Need struct {
	// Stage is the name of the other stage.
	Stage string

	// Files are paths in its folder, with slashes. None means all of them.
	Files []string

	// Optional says that the need falls away where the other stage is
	// skipped. Otherwise the stage that needs it is skipped with it.
	Optional bool
}
