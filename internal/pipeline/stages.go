package pipeline

import (
	"fmt"

	"wakong/embed"
	"wakong/internal/config"
	"wakong/internal/demo"
	"wakong/internal/stage"
	"wakong/model/lstm"
)

// The versions of the stages' code. Raise one whenever the same inputs and
// parameters would give other bytes, with a line that says why.
//
//	all 1: first
//	segment 2, build 2: normal form C; segmented sentences are cleaned as a
//	whole; who speaks stays with what is said
//	segment 3: near copies are removed; which copy stays does not depend on the
//	order
//	segment 4: text that cleaning makes readable is looked through for leaks; what
//	nothing ends in HTML stays
//	crawl 2: author and date; the pages of a story are joined
//	crawl 5: the archive says why an address has no answer
//	crawl 6: a title ends where an element that was not closed swallows the page; a
//	crawl without the network dates its notes as the archives do
//	crawl 7: what was refused once is followed where another way leads there; parts
//	of a story that redirect are joined, nofollow holds for the link to them; links
//	are bounded; robots.txt is compared decoded; revisits have heads of their own
//	embed 2: metrics.jsonl with the loss
const (
	crawlVersion   = 7
	segmentVersion = 4
	embedVersion   = 2
	buildVersion   = 4 // statistics and samples of what is trained on alone
	trainVersion   = 7 // reader: the last weights within a standard error of the best accuracy are kept
	predictVersion = 1
)

// stages binds the configuration to the cache.
func (p *Pipeline) stages() ([]stage.Stage, error) {
	crawl, err := p.crawlStage()
	if err != nil {
		return nil, err
	}
	vectors, err := p.embedStage()
	if err != nil {
		return nil, err
	}
	train, err := p.trainStage()
	if err != nil {
		return nil, err
	}
	return []stage.Stage{crawl, p.segmentStage(), vectors, p.buildStage(), train, p.predictStage(p.config.Segment.Learned)}, nil
}

// demonstrationSite names the input of the demonstration's crawl.
const demonstrationSite = "the built-in site"

type crawlParams struct {
	Sites       []siteParams `json:"sites"`
	ArchiveSize int          `json:"archive_size,omitempty"`
	// SharedCrawl is the name that processes share pages by, each of which has a
	// part of them. Without a server there is none.
	SharedCrawl string `json:"shared_crawl,omitempty"`
}

type siteParams struct {
	config.SiteParams
	// HasContact tells whether a contact is given, without which pages of other
	// machines are left out. Which one it is changes nothing that a later stage
	// reads.
	HasContact bool `json:"has_contact"`
}

func (p *Pipeline) crawlStage() (stage.Stage, error) {
	s := stage.Stage{Name: Crawl, Version: crawlVersion, Run: p.runCrawl}
	params := crawlParams{Sites: []siteParams{}, ArchiveSize: p.config.Crawl.ArchiveSize}
	for _, site := range p.config.Crawl.Sites {
		params.Sites = append(params.Sites, siteParams{site.SiteParams, site.Contact != ""})
	}
	if p.config.Crawl.Redis != "" {
		params.SharedCrawl = p.config.Crawl.SharedCrawl
	}
	s.Params = params
	if len(params.Sites) == 0 {
		s.Skip = "crawl.sites is not given"
	}
	if p.demonstration {
		digest, err := demo.Digest()
		if err != nil {
			return s, err
		}
		s.Inputs = []stage.Input{{Name: demonstrationSite, SHA256: digest}}
		return s, nil
	}
	if archives := p.namedArchives(); len(archives) > 0 {
		s.List = func() []stage.Input {
			var inputs inputList
			inputs.addText(archives)
			return inputs.inputs
		}
		s.Inputs = s.List()
		return s, nil
	}
	refresh, err := p.readRefresh()
	if p.offline && refresh.Number > 0 && !refresh.Ended {
		refresh.Number-- // what the sites have not told yet is in no archive
	}
	s.Inputs = refresh.inputs()
	return s, err
}

type segmentParams struct {
	config.SegmentParams
	// Valid are the questions whose text must not be trained on.
	Valid []config.QuestionSource `json:"valid"`
	// ValidOnError stands for build.on_error.
	ValidOnError string `json:"valid_on_error"`
}

func (p *Pipeline) segmentStage() stage.Stage {
	list := func() []stage.Input {
		var inputs inputList
		inputs.addText(p.textSources())
		inputs.addQuestions(p.questionSources("valid"))
		inputs.addFile(p.config.Segment.UserDictionary)
		return inputs.inputs
	}
	s := stage.Stage{
		Name: Segment, Version: segmentVersion, Run: p.runSegment,
		Params: segmentParams{p.config.Segment.SegmentParams, p.config.Build.Valid, p.config.Build.OnError},
		Inputs: list(), List: list,
		Needs: []stage.Need{{Stage: Crawl, Files: []string{documentsFile}, Optional: true}},
	}
	if !p.config.HasText() {
		s.Skip = "neither crawl.sites nor segment.sources is given"
	}
	return s
}

func (p *Pipeline) embedStage() (stage.Stage, error) {
	s := stage.Stage{
		Name: Embed, Version: embedVersion, Run: p.runEmbed,
		Params: p.config.Embed.EmbedParams,
		Needs:  []stage.Need{{Stage: Segment, Files: []string{sentencesFile}}},
	}
	var inputs inputList
	p.startInputs(&inputs)
	s.Inputs = inputs.inputs
	kernel, err := p.embedKernel()
	if err != nil {
		return s, p.config.Errorf("embed.kernel", "%v", err)
	}
	s.Environment = map[string]string{"kernel": kernel.String()}
	return s, nil
}

// embedKernel is the instruction set that vectors are trained with.
func (p *Pipeline) embedKernel() (embed.Kernel, error) {
	k, err := embed.ParseKernel(p.config.Embed.Kernel)
	if err != nil {
		return k, err
	}
	return k.Resolve()
}

type buildParams struct {
	config.BuildParams
	Text    textParams `json:"text"`
	LeakRun int        `json:"leak_run"`
	Leaks   string     `json:"leaks,omitempty"`
}

func (p *Pipeline) buildStage() stage.Stage {
	list := func() []stage.Input {
		var inputs inputList
		inputs.addQuestions(p.questionSources("train"))
		inputs.addQuestions(p.matchSources())
		inputs.addQuestions(p.questionSources("valid"))
		inputs.addFile(p.config.Segment.UserDictionary)
		return inputs.inputs
	}
	s := stage.Stage{
		Name: Build, Version: buildVersion, Run: p.runBuild,
		Params: buildParams{p.config.Build.BuildParams, p.text(), p.config.Segment.LeakRun, p.config.Segment.Leaks},
		Inputs: list(), List: list,
		Needs: []stage.Need{
			{Stage: Segment, Files: append([]string{documentsFile}, segmenterFiles(p.config.Segment.Learned)...)},
			{Stage: Embed, Files: []string{vocabularyFile}},
		},
	}
	if len(p.config.Build.Train) == 0 {
		s.Skip = "build.train is not given"
	}
	return s
}

func (p *Pipeline) trainStage() (stage.Stage, error) {
	params, files := p.config.Train.TrainParams, []string{trainFile, validFile, textFile}
	if params.Network == readerNetwork {
		files = []string{passagesFile, tagsFile, validFile, textFile}
	} else {
		params.Reader = config.Reader{}
	}
	s := stage.Stage{
		Name: Train, Version: trainVersion, Run: p.runTrain,
		Params: params,
		Needs: []stage.Need{
			{Stage: Build, Files: files},
			{Stage: Embed, Files: []string{vocabularyFile, vectorsFile}},
		},
	}
	s.Needs = append(s.Needs, needsSegmenter(p.config.Segment.Learned)...)
	kernel, err := p.kernel()
	if err != nil {
		return s, p.config.Errorf("train.kernel", "%v", err)
	}
	s.Environment = map[string]string{"kernel": kernel.String()}
	return s, nil
}

// kernel is the instruction set that the network is computed with.
func (p *Pipeline) kernel() (lstm.Kernel, error) {
	k, err := lstm.ParseKernel(p.config.Train.Kernel)
	if err != nil {
		return k, err
	}
	return k.Resolve()
}

// predictStage answers with the network; learned tells whether a segmenter that has
// learned belongs to it.
func (p *Pipeline) predictStage(learned bool) stage.Stage {
	s := stage.Stage{
		Name: Predict, Version: predictVersion, Run: p.runPredict,
		Params: p.config.Predict.PredictParams,
		Needs: []stage.Need{
			{Stage: Train, Files: []string{modelFile, weightsFile, textFile}},
			{Stage: Embed, Files: []string{vocabularyFile, vectorsFile}},
		},
	}
	s.Needs = append(s.Needs, needsSegmenter(learned)...)
	if input := p.config.Predict.Input; input.IsZero() {
		s.Skip = "predict.input is not given"
	} else {
		var inputs inputList
		inputs.add(input.Written(), input.Resolved())
		s.Inputs = inputs.inputs
	}
	if kernel, err := p.kernel(); err == nil {
		s.Environment = map[string]string{"kernel": kernel.String()}
	}
	return s
}

// The files of the stages.
const (
	documentsFile  = "documents.jsonl"
	sentencesFile  = "sentences.txt"
	segmenterFile  = "segmenter.bin" // where segment.learned is set
	reportFile     = "report.json"
	leaksFile      = "leaks.json"
	vocabularyFile = "vocab.tsv"
	vectorsFile    = "vectors.bin"
	vectorsText    = "vectors.txt"
	outputFile     = "output.bin"
	trainFile      = "train.bin"
	passagesFile   = "passages.bin"
	tagsFile       = "tags.tsv"
	validFile      = "valid.bin"
	textFile       = "text.json"
	statisticsFile = "statistics.json"
	sheetFile      = "questions.md"
	weightsFile    = "model.safetensors"
	modelFile      = "model.json"
	metricsFile    = "metrics.jsonl"
	timingFile     = "timing.jsonl"
)

// Files of exports alone.
const (
	dictionaryFile = "user_dictionary.txt"
	cardFile       = "card.md"
	onnxFile       = "model.onnx"
	trainTensors   = "train.safetensors"
	validTensors   = "valid.safetensors"
	trainingFile   = "training.json"
	scriptFile     = "train_torch.py"
)

// sourceList names sources in a message.
func (p *Pipeline) sourceList() string {
	var names []string
	for _, site := range p.config.Crawl.Sites {
		names = append(names, "site "+site.Name)
	}
	for _, s := range p.textSources() {
		names = append(names, shown(s.source.Path))
	}
	return listed(names)
}

// listed joins names; a hundred of them would hide the message.
func listed(names []string) string {
	const most = 10
	text := ""
	for i, name := range names {
		if i == most {
			return text + fmt.Sprintf(" and %d more", len(names)-most)
		}
		if i > 0 {
			text += ", "
		}
		text += name
	}
	return text
}
