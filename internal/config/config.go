package config

import "wakong/corpus/minhash"

// Config is one configuration, complete with defaults. Its zero value is not
// useful; start from [Default], [Load] or [Parse].
type Config struct {
	Crawl   Crawl   `json:"crawl"`
	Segment Segment `json:"segment"`
	Embed   Embed   `json:"embed"`
	Build   Build   `json:"build"`
	Train   Train   `json:"train"`
	Predict Predict `json:"predict"`

	file      string
	positions map[string]Position
}

// Crawl is the section of the crawl stage: pages of web sites to documents.
type Crawl struct {
	CrawlParams
	CrawlRuntime
}

// CrawlParams are the crawl settings that can change the result.
type CrawlParams struct {
	// Sites to crawl; none means that nothing is crawled.
	Sites []Site `json:"sites"`
	// Redis is the address of a Redis server, redis://host:6379/0, by which several
	// processes share the crawl; none means that one process crawls. A password
	// is taken from the environment, WAKONG_REDIS_PASSWORD.
	Redis string `json:"redis,omitempty"`
	// Archives are WARC files of any crawlers, each a path or a pattern. Where some are
	// given, the pages are taken from them, and nothing from the network.
	Archives []Path `json:"archives,omitempty"`
	// SharedCrawl names the crawl that is shared; needed with Redis.
	SharedCrawl string `json:"shared_crawl,omitempty"`
	// ArchiveSize is how many MB a file of the archive has at most, unless one page
	// alone has more; 0 means 1,000.
	ArchiveSize int `json:"archive_size,omitempty" min:"0" max:"1000000"`
}

// CrawlRuntime are the crawl settings that cannot change the result; there are
// none so far.
type CrawlRuntime struct{}

// Site is one web site.
type Site struct {
	SiteParams
	SiteRuntime
}

// SiteParams are the settings of a site that can change the result.
type SiteParams struct {
	// Name of the site, unique; it becomes the source of its documents.
	Name string `json:"name" required:"true"`
	// Start are the addresses, http or https, that the crawl begins with.
	Start []string `json:"start" required:"true"`
	// Story says which part of a page is the story.
	Story Story `json:"story,omitzero"`
	// Allow and Deny are regular expressions on addresses: of the links only
	// those that match one of Allow, where it is given, and none of Deny are
	// followed.
	Allow []string `json:"allow,omitempty"`
	Deny  []string `json:"deny,omitempty"`
	// MaxPages and MaxDepth bound the crawl of the site; 0 means the crawler's
	// default.
	MaxPages int `json:"max_pages,omitempty" min:"0" max:"1000000000"`
	MaxDepth int `json:"max_depth,omitempty" min:"0" max:"1000000000"`
	// Sitemap names sitemaps of the site, whose pages are fetched too; relative to
	// the first of Start. A robots.txt stands for the sitemaps that it names.
	Sitemap []string `json:"sitemap,omitempty"`
	// Headers are further header fields, "Name: value", for requests to the hosts of
	// the start addresses. ${NAME} in a value is the environment variable of
	// that name; what lets a user in (Authorization, Cookie) must stand there.
	Headers []string `json:"headers,omitempty"`
}

// SiteRuntime are the settings of a site that cannot change the result.
type SiteRuntime struct {
	// Contact is an e-mail or web address under which those who run the site
	// reach you; needed for every site that is not on this machine.
	Contact string `json:"contact,omitempty"`
	// Delay between requests in seconds; 0 means the crawler's default.
	Delay float64 `json:"delay,omitempty" min:"0" max:"3600"`
	// Concurrency is the number of requests at once; 0 means the crawler's
	// default.
	Concurrency int `json:"concurrency,omitempty" min:"0" max:"64"`
	// Proxy by which the site is fetched: http, https or socks5. ${NAME} is an
	// environment variable; where a password is needed, it must hold the whole
	// address.
	Proxy string `json:"proxy,omitempty"`
	// License of the text, and Origin, where it was taken from, go into the data
	// card of a snapshot. They change no result.
	License string `json:"license,omitempty" fingerprint:"-"`
	Origin  string `json:"origin,omitempty" fingerprint:"-"`
}

// Story says where a site's stories stand: CSS selectors, and bounds for what
// counts as a story.
type Story struct {
	// Title selects the title; empty means the page's own.
	Title string `json:"title,omitempty"`
	// Body selects the text; a page without it is an index page. Empty finds the
	// main text by itself.
	Body string `json:"body,omitempty"`
	// Remove selects what is left out of the text, such as advertisements.
	Remove string `json:"remove,omitempty"`
	// Author and Date select these; empty takes what the page declares.
	Author string `json:"author,omitempty"`
	Date   string `json:"date,omitempty"`
	// Next selects the link to the page that continues a story; empty finds it
	// by its words, none joins nothing.
	Next string `json:"next,omitempty"`
	// Encoding of the pages, where they lie about it.
	Encoding string `json:"encoding,omitempty"`
	// MinCharacters, MinChinese and MaxLinks bound what is a story: characters,
	// their Chinese share, and the share that stands in links. 0 is no bound
	// where body is given.
	MinCharacters int     `json:"min_characters,omitempty" min:"0" max:"1000000"`
	MinChinese    float64 `json:"min_chinese,omitempty" min:"0" max:"1"`
	MaxLinks      float64 `json:"max_links,omitempty" min:"0" max:"1"`
}

// Segment is the section of the segment stage: documents to clean, segmented
// sentences.
type Segment struct {
	SegmentParams
	SegmentRuntime
}

// SegmentParams are the segmentation settings that can change the result.
type SegmentParams struct {
	// Sources of text besides the crawl; none means none.
	Sources []Source `json:"sources"`
	// OnError is what a bad sample does in a source that does not say it
	// itself: "fail" stops, "skip" counts it and goes on.
	OnError string `json:"on_error" enum:"fail,skip"`
	// Steps of cleaning, by name; they are taken in their own order. See
	// package corpus for what they do.
	Steps []string `json:"steps"`
	// Advertisements are regular expressions of further lines that the step
	// of this name drops.
	Advertisements []string `json:"advertisements,omitempty"`
	// Simplify turns traditional characters into simplified ones.
	Simplify bool `json:"simplify"`
	// WholeQuotations leaves quotations of several sentences in one piece.
	WholeQuotations bool `json:"whole_quotations"`
	// HMM lets jieba guess words that its dictionary lacks.
	HMM bool `json:"hmm"`
	// Learned cuts text as the sources do that come segmented: a segmenter
	// learns from them, with jieba as its guide.
	Learned bool `json:"learned,omitempty"`
	// UserDictionary is a file of further words, in jieba's format.
	UserDictionary Path `json:"user_dictionary,omitzero"`
	// Dedup says which copies are removed.
	Dedup Dedup `json:"dedup"`
	// LeakRun is the length, in Chinese characters, of the common run that
	// makes a document a copy of a validation passage; such documents are
	// removed.
	LeakRun int `json:"leak_run" min:"4" max:"1000"`
	// Leaks says what becomes of such documents, and of training questions like
	// them. They are listed in any case.
	Leaks string `json:"leaks,omitempty" enum:"remove,keep_and_train_on_them"`
}

// KeepLeaks tells whether text of the validation questions is trained on.
func (s SegmentParams) KeepLeaks() bool { return s.Leaks == "keep_and_train_on_them" }

// Dedup says which copies of documents and paragraphs are removed. Near copies
// are found by MinHash with locality-sensitive hashing.
type Dedup struct {
	// Documents and Paragraphs are compared not at all (none), for exact copies,
	// or for near ones too.
	Documents  string `json:"documents" enum:"near,exact,none"`
	Paragraphs string `json:"paragraphs" enum:"near,exact,none"`
	// ParagraphCharacters is the length from which on paragraphs are compared.
	ParagraphCharacters int `json:"paragraph_characters" min:"1" max:"1000000"`
	// Shingle is the length of the runs of characters that texts are compared by.
	Shingle int `json:"shingle" min:"1" max:"64"`
	// Bands of Rows values make a signature.
	Bands int `json:"bands" min:"1" max:"1024"`
	Rows  int `json:"rows" min:"1" max:"1024"`
	// Threshold is the estimated Jaccard similarity of near copies.
	Threshold float64 `json:"threshold" above:"0" max:"1"`
}

// Similar are the parameters of near copies.
func (d Dedup) Similar() minhash.Params {
	return minhash.Params{Shingle: d.Shingle, Bands: d.Bands, Rows: d.Rows, Threshold: d.Threshold}
}

// SegmentRuntime are the segmentation settings that cannot change the result.
type SegmentRuntime struct {
	// Threads that segment; 0 means one per processor.
	Threads int `json:"threads" min:"0" max:"1024"`
}

// Source is a file or folder of text.
type Source struct {
	// Format of the text: cmrc2017, pdcft, jsonl, text, documents for the
	// documents.jsonl of a crawl, or warc for an archive of web pages.
	Format string `json:"format" required:"true" enum:"cmrc2017,pdcft,jsonl,text,documents,warc"`
	// Path of the file, or a pattern such as tales/**/*.txt.gz; for text a folder
	// is read with all that is in it.
	Path Path `json:"path" required:"true"`
	// Field of a jsonl object that holds the text; empty means "text".
	Field string `json:"field,omitempty"`
	// Story says where the stories stand on the pages of a warc archive; without it
	// the main text is found by itself.
	Story Story `json:"story,omitzero"`
	// Answers of a cmrc2017 file; with them blanks are filled.
	Answers Path `json:"answers,omitzero"`
	// Encoding of the bytes; empty means UTF-8, "auto" means that it is guessed
	// for each file.
	Encoding string `json:"encoding,omitempty"`
	// Resegment tells what happens to text that is segmented already: never
	// (empty means that too) keeps its words, simplified cuts the sentences again
	// that hold traditional characters, always cuts all.
	Resegment string `json:"resegment,omitempty" enum:"never,simplified,always"`
	// OnError overrides segment.on_error for this source.
	OnError string `json:"on_error,omitempty" enum:"fail,skip"`
	// License of the text, and Origin, where it was taken from, go into the data
	// card of a snapshot. They change no result.
	License string `json:"license,omitempty" fingerprint:"-"`
	Origin  string `json:"origin,omitempty" fingerprint:"-"`
}

// Embed is the section of the embed stage: sentences to word vectors.
type Embed struct {
	EmbedParams
	EmbedRuntime
}

// EmbedParams are the settings of the skip-gram training that can change the
// result.
type EmbedParams struct {
	// Engine that trains: skipgram (this project's own) or wego.
	Engine string `json:"engine" enum:"skipgram,wego"`
	// Size of a vector.
	Size int `json:"size" min:"1" max:"4096"`
	// Window is the largest distance between a word and its context, in words.
	Window int `json:"window" min:"1" max:"1000"`
	// Negative samples for each pair of words.
	Negative int `json:"negative" min:"1" max:"63"`
	// Epochs over the text.
	Epochs int `json:"epochs" min:"1" max:"100000"`
	// MinCount is how often a word must stand in the text to get a vector.
	MinCount int `json:"min_count" min:"1" max:"1000000000"`
	// Sample is the frequency above which words are thinned out; 0 means never.
	Sample float64 `json:"sample" min:"0" max:"0.99"`
	// Alpha is the learning rate at the start; it falls in a line to nearly 0.
	Alpha float64 `json:"alpha" above:"0" max:"10"`
	// Seed of the random draws.
	Seed uint64 `json:"seed"`
	// Init is a file of vectors to begin with in place of random ones.
	Init Path `json:"init,omitzero"`
	// InitOutput is a file of the output vectors that belong to them.
	InitOutput Path `json:"init_output,omitzero"`
	// InitWords says which words of Init are kept: those of the text, or all.
	InitWords string `json:"init_words,omitempty" enum:"text,all"`
	// Output writes output.bin beside vectors.bin, the output vectors.
	Output bool `json:"output,omitempty"`
	// Deterministic training gives the same bytes for any number of threads;
	// false lets the threads of the engine skipgram race for updates.
	Deterministic bool `json:"deterministic"`
	// Text writes vectors.txt beside vectors.bin.
	Text bool `json:"text"`
}

// EmbedRuntime are the settings of the skip-gram training that cannot change
// the result (a kernel may change the last bits; it is recorded, and a result
// made with another one stays valid).
type EmbedRuntime struct {
	// Kernel of the inner products: auto, avx512, avx2 or portable.
	Kernel string `json:"kernel" enum:"auto,avx512,avx2,portable"`
	// Threads that train; 0 means one per processor.
	Threads int `json:"threads" min:"0" max:"1024"`
}

// Build is the section of the build stage: questions to sequences of ids.
type Build struct {
	BuildParams
	BuildRuntime
}

// BuildParams are the settings of the build stage that can change the result.
type BuildParams struct {
	// Train are the sources of training questions; none means that no network
	// is trained.
	Train []QuestionSource `json:"train"`
	// Valid are the sources of validation questions. What shares text with them
	// is removed by the segment stage.
	Valid []QuestionSource `json:"valid"`
	// Batch is the number of questions in a batch.
	Batch int `json:"batch" min:"1" max:"100000"`
	// Seed of the random draws of generated questions.
	Seed uint64 `json:"seed"`
	// OnError is what a bad sample does in a source that does not say it itself.
	OnError string `json:"on_error" enum:"fail,skip"`
}

// BuildRuntime are the settings of the build stage that cannot change the
// result; there are none so far.
type BuildRuntime struct{}

// QuestionSource is a file of questions, or a rule by which they are generated
// from the documents of the segment stage.
type QuestionSource struct {
	// Format of the questions: cmrc2017, pdcft, jsonl; generate, or passages, the
	// documents themselves, for the network reader.
	Format string `json:"format" required:"true" enum:"cmrc2017,pdcft,jsonl,generate,passages"`
	// Path of the file, or a pattern such as questions/*.jsonl; not with generate
	// and passages.
	Path Path `json:"path,omitzero"`
	// Answers of a cmrc2017 file.
	Answers Path `json:"answers,omitzero"`
	// Encoding of the bytes; empty means UTF-8.
	Encoding string `json:"encoding,omitempty"`
	// OnError overrides build.on_error for this source.
	OnError string `json:"on_error,omitempty" enum:"fail,skip"`
	// License of the text, and Origin, where it was taken from, go into the data
	// card of a snapshot. They change no result.
	License string `json:"license,omitempty" fingerprint:"-"`
	Origin  string `json:"origin,omitempty" fingerprint:"-"`

	// PerPassage is how many questions are made of a passage at most; 0 means 20.
	PerPassage int `json:"per_passage,omitempty" min:"1" max:"100000"`
	// PartsOfSpeech of words that are blanked: beginnings of jieba's tags; none
	// means n, nouns of any kind.
	PartsOfSpeech []string `json:"parts_of_speech,omitempty"`
	// AnyScript lets answers hold other than Chinese characters.
	AnyScript bool `json:"any_script,omitempty"`
	// MinOccurrences of a word for it to be blanked; 0 means 2. MaxOccurrences: 0
	// means no bound.
	MinOccurrences int `json:"min_occurrences,omitempty" min:"2" max:"100000"`
	MaxOccurrences int `json:"max_occurrences,omitempty" min:"2" max:"100000"`
	// MinCharacters and MaxCharacters of an answer; 0 means no bound.
	MinCharacters int `json:"min_characters,omitempty" min:"1" max:"256"`
	MaxCharacters int `json:"max_characters,omitempty" min:"1" max:"256"`
	// MinDistance and MaxDistance in words from the blank to the nearest other
	// occurrence of the answer; 0 means no bound.
	MinDistance int `json:"min_distance,omitempty" min:"1" max:"100000"`
	MaxDistance int `json:"max_distance,omitempty" min:"1" max:"100000"`
	// MinWords is the length of the shortest passage used; 0 means the
	// generator's default.
	MinWords int `json:"min_words,omitempty" min:"1" max:"100000"`
	// MaxWords is where longer passages are cut; 0 means the generator's default.
	MaxWords int `json:"max_words,omitempty" min:"10" max:"100000"`
	// Match thins the questions out until their answers are distributed as those
	// of a file of questions.
	Match Match `json:"match,omitzero"`
}

// Match is a file of answered questions that others are to be like.
type Match struct {
	// Format, Path, Answers and Encoding are those of a source of questions.
	Format   string `json:"format,omitempty" enum:"cmrc2017,pdcft,jsonl"`
	Path     Path   `json:"path,omitzero"`
	Answers  Path   `json:"answers,omitzero"`
	Encoding string `json:"encoding,omitempty"`
	// Variation is the total variation distance that is aimed at; 0 means 0.05.
	Variation float64 `json:"variation,omitempty" above:"0" max:"1"`
}

// FromDocuments tells whether the source is the documents of the segment stage.
func (s QuestionSource) FromDocuments() bool {
	return s.Format == "generate" || s.Format == "passages"
}

// Train is the section of the train stage: questions to a network.
type Train struct {
	TrainParams
	TrainRuntime
}

// TrainParams are the settings of the training that can change the result.
type TrainParams struct {
	// Network that is trained: pointer, or reader, which needs build.train to
	// hold passages.
	Network string `json:"network" enum:"pointer,reader"`
	// Units of one direction of the LSTM.
	Units int `json:"units" min:"1" max:"8192"`
	// Layers of the LSTM.
	Layers int `json:"layers" min:"1" max:"16"`
	// Epochs over the training questions.
	Epochs int `json:"epochs" min:"1" max:"100000"`
	// MaxSteps ends the training early; 0 means never.
	MaxSteps int `json:"max_steps" min:"0" max:"1000000000"`
	// LearningRate of Adam.
	LearningRate float64 `json:"learning_rate" above:"0" max:"10"`
	// ValidateEvery is the number of steps between validations.
	ValidateEvery int `json:"validate_every" min:"1" max:"1000000000"`
	// MaxWordsPerStep bounds the words computed at once, and so the memory: a
	// larger batch is split and its gradients are added up. The reader's steps have
	// Reader.StepWords; it answers fewer questions at once than this allows.
	MaxWordsPerStep int `json:"max_words_per_step" min:"1" max:"1000000000"`
	// Bucket puts questions of like length into one batch. An epoch still sees
	// every question once.
	Bucket bool `json:"bucket"`
	// Seed of the initial weights and of the order of the questions.
	Seed uint64 `json:"seed"`
	// Reader are the settings of the network reader alone.
	Reader Reader `json:"reader,omitzero"`
}

// Reader are the settings of the network reader; see package model/reader.
type Reader struct {
	// Characters is the size of a character's vector.
	Characters int `json:"characters" min:"1" max:"4096"`
	// Hidden is the size of the query's hidden layer.
	Hidden int `json:"hidden" min:"1" max:"8192"`
	// Keys is the size of a candidate's key.
	Keys int `json:"keys" min:"1" max:"8192"`
	// Reread is the number of LSTM units in each direction that read the
	// candidates again with the question in hand; 0 means that nothing does.
	// With 64 answers are better, and training takes half as long again and more.
	Reread int `json:"reread" min:"0" max:"4096"`
	// StepWords are the words of a training step, at least.
	StepWords int `json:"step_words" min:"1" max:"1000000"`
	// PassageWords is the length at which documents are cut into passages.
	PassageWords int `json:"passage_words" min:"20" max:"100000"`
	// WordLoss is the weight of the loss of predicting words.
	WordLoss float64 `json:"word_loss" min:"0" max:"1000"`
	// WordShare is the share of the words besides the blanks that are predicted.
	WordShare float64 `json:"word_share" min:"0" max:"1"`
	// WordSamples is how many words of the vocabulary are drawn for each step, among which and
	// those of its passages words are predicted; 0 means none.
	WordSamples int `json:"word_samples" min:"0" max:"1000000"`
	// Answers says what the questions to be answered ask for; blanks are weighed
	// to be like them.
	Answers AnswerShares `json:"answers,omitzero"`
	// VectorRate is the word vectors' learning rate, as a share of
	// learning_rate; with 0 they stay as they are.
	VectorRate float64 `json:"vector_rate" min:"0" max:"10"`
	// Clip is the largest norm of a step's gradient; 0 means no bound.
	Clip float64 `json:"clip" min:"0" max:"1000000"`
	// Average is the decay a step of the mean weights that are validated and
	// kept; 0 means that the weights themselves are.
	Average float64 `json:"average" min:"0" max:"0.99999"`
	// Substitute is the share of a passage's nouns in whose place stands a noun
	// of similar meaning in training, all over the passage; drawn anew each epoch.
	Substitute float64 `json:"substitute" min:"0" max:"1"`
	// SubstituteOthers is the same share of verbs, adjectives and the like, of two
	// characters and more; each gives way to one of its kind.
	SubstituteOthers float64 `json:"substitute_others" min:"0" max:"1"`
	// DropRare is the chance that a word of one document alone is taken for
	// unknown, as it would be in a text that was not trained on; that of a word
	// of k documents is a k-th of it, where that is more than DropWords.
	DropRare float64 `json:"drop_rare" min:"0" max:"1000"`
	// DropWords, DropInput, DropLayers, DropOutput and DropRecurrent are the
	// shares that dropout takes: of whole words, of the elements of a word's
	// input, of what passes between layers, of the last layer's outputs, and of
	// the recurrent weights.
	DropWords     float64 `json:"drop_words" min:"0" max:"0.99"`
	DropInput     float64 `json:"drop_input" min:"0" max:"0.99"`
	DropLayers    float64 `json:"drop_layers" min:"0" max:"0.99"`
	DropOutput    float64 `json:"drop_output" min:"0" max:"0.99"`
	DropRecurrent float64 `json:"drop_recurrent" min:"0" max:"0.99"`
	// DropReread is the share of what the second reading reads.
	DropReread float64 `json:"drop_reread" min:"0" max:"0.99"`
	// DropHidden is that of the query's hidden layer.
	DropHidden float64 `json:"drop_hidden" min:"0" max:"0.99"`
	// DropRise is the part of the training in which these shares, but for DropWords and
	// DropRare, rise in a line from nothing: what is learned first is not held up, what is learned
	// by heart comes later. With 0 they are as large all along.
	DropRise float64 `json:"drop_rise" min:"0" max:"1"`
}

// AnswerShares are shares of questions, each list on its own. What is not named
// is as the text has it.
type AnswerShares struct {
	// Times are the shares of questions whose answer stands 1, 2, ... times
	// elsewhere in the passage, the last for that many and more.
	Times []float64 `json:"times,omitempty"`
	// Lengths are those of answers of 1, 2, ... characters, the last for that many
	// and more.
	Lengths []float64 `json:"lengths,omitempty"`
	// Places are those of blanks in as many equal parts of the passage, from its
	// beginning.
	Places []float64 `json:"places,omitempty"`
	// Earlier is the share, in per cent, of answers that stand before the blank, too.
	Earlier float64 `json:"earlier,omitempty" min:"0" max:"99"`
	// Sentence is that of answers that stand in the blank's sentence again.
	Sentence float64 `json:"sentence,omitempty" min:"0" max:"99"`
	// Beside is that of blanks next to which a noun stands.
	Beside float64 `json:"beside,omitempty" min:"0" max:"99"`
	// Unknown is that of answers that are taken for unknown words; see DropRare.
	Unknown float64 `json:"unknown,omitempty" min:"0" max:"99"`
	// Other is that of answers that are no nouns, but serve as such at times, as
	// words of time and of place do; with 0 they are no blanks.
	Other float64 `json:"other,omitempty" min:"0" max:"99"`
	// Lightest is the least that a blank weighs, where the mean is 1: of lighter ones
	// a step draws as many as make up their weight, and leaves the others out, which
	// takes less time. With 0 all are asked for.
	Lightest float64 `json:"lightest,omitempty" min:"0" max:"10"`
}

// TrainRuntime are the settings of the training that cannot change the result
// (a kernel may change the last bits; it is recorded, and a result made with
// another one stays valid).
type TrainRuntime struct {
	// Kernel of the matrix products: auto, avx512, avx2 or portable; or bf16,
	// products in bfloat16 with sums in single precision, which auto never
	// chooses.
	Kernel string `json:"kernel" enum:"auto,avx512,avx2,portable,bf16"`
	// Solver that takes Adam's steps: fused or gorgonia. Both give the same
	// bits; gorgonia's copies the gradients four times a step.
	Solver string `json:"solver" enum:"fused,gorgonia"`
	// Threads that train; 0 means one per processor.
	Threads int `json:"threads" min:"0" max:"1024"`
	// CheckpointEvery is the time in seconds between checkpoints, from which a
	// killed training goes on.
	CheckpointEvery float64 `json:"checkpoint_every" above:"0" max:"86400"`
}

// Predict is the section of the predict stage: blanks to answers.
type Predict struct {
	PredictParams
	PredictRuntime
}

// PredictParams are the settings of the prediction that can change the result.
type PredictParams struct {
	// Input is the file of questions; left out means none.
	Input Path `json:"input,omitzero"`
	// InputFormat of the questions; auto goes by the file's name.
	InputFormat string `json:"input_format" enum:"auto,cmrc2017,pdcft,jsonl,text"`
	// Format of the answers: contest or jsonl.
	Format string `json:"format" enum:"contest,jsonl"`
	// Top is the number of words with their probabilities in jsonl.
	Top int `json:"top" min:"1" max:"10000"`
	// Encoding of the questions' bytes; empty means UTF-8.
	Encoding string `json:"encoding,omitempty"`
}

// PredictRuntime are the settings of the prediction that cannot change the
// result.
type PredictRuntime struct {
	// Threads that predict; 0 means one per processor.
	Threads int `json:"threads" min:"0" max:"1024"`
}

// Default returns the configuration without inputs in which every setting has
// its default: those of the published method where it names one.
func Default() *Config {
	return &Config{
		Segment: Segment{SegmentParams: SegmentParams{
			OnError: "fail", Simplify: true, LeakRun: 16,
			Dedup: Dedup{
				Documents: "near", Paragraphs: "none", ParagraphCharacters: 40,
				Shingle: 5, Bands: 16, Rows: 8, Threshold: 0.8,
			},
			Steps: []string{"line_ends", "control_characters", "normal_form", "spaces", "half_width"},
		}},
		Embed: Embed{EmbedParams: EmbedParams{
			Engine: "skipgram", Size: 128, Window: 5, Negative: 10, Epochs: 10,
			MinCount: 2, Sample: 0.001, Alpha: 0.025, Seed: 1, Deterministic: true,
		}, EmbedRuntime: EmbedRuntime{Kernel: "auto"}},
		Build: Build{BuildParams: BuildParams{Batch: 160, Seed: 1, OnError: "fail"}},
		Train: Train{
			TrainParams: TrainParams{
				Network: "pointer", Units: 128, Layers: 2, Epochs: 3,
				LearningRate: 0.001, ValidateEvery: 100, MaxWordsPerStep: 65536, Seed: 1,
				Reader: Reader{
					Characters: 32, Hidden: 256, Keys: 128, StepWords: 1500, PassageWords: 400,
					WordLoss: 1, WordShare: 0.5, VectorRate: 0.1, Clip: 1, Average: 0.998,
					DropWords: 0.05, DropInput: 0.2, DropLayers: 0.2, DropOutput: 0.2, DropRecurrent: 0.2, DropReread: 0.1,
				},
			},
			TrainRuntime: TrainRuntime{Kernel: "auto", Solver: "fused", CheckpointEvery: 20},
		},
		Predict: Predict{PredictParams: PredictParams{InputFormat: "auto", Format: "contest", Top: 5}},
	}
}

// File is the path of the file that the configuration was loaded from, as it
// was given; empty for one that was not.
func (c *Config) File() string { return c.file }

// Errorf makes an [Error] that points at the value at a key path, for checks
// that only the caller can make, such as whether a file exists.
func (c *Config) Errorf(keyPath, format string, args ...any) error {
	return c.errorAt(keyPath, format, args...)
}
