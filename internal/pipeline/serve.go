package pipeline

import (
	"context"
	"fmt"
	"net"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/internal/serve"
	"wakong/model"
)

// ServeOptions are for ServeWith.
type ServeOptions struct {
	// Config has the sections predict and train; of the latter only the kernel
	// is used.
	Config *config.Config
	// Demonstration takes the built-in configuration.
	Demonstration bool
	// Address to listen at, such as "127.0.0.1:8080".
	Address string
	// MaxWords is the number of words around a blank that are looked at.
	MaxWords int
	// Model that answers.
	Model ModelChoice
}

// ServeWith answers over HTTP with the network that the workspace's lock names, or
// another one, until ctx is done and what was begun is answered.
func ServeWith(ctx context.Context, o WorkspaceOptions, so ServeOptions) error {
	p := &Pipeline{config: so.Config, ui: o.Reporter, demonstration: so.Demonstration}
	defer p.Close()
	if so.Demonstration {
		if err := p.useDemonstration(); err != nil {
			return err
		}
	}
	m, err := p.servedModel(ctx, o, so.Model)
	if err != nil {
		return err
	}
	defer m.close()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", so.Address)
	if err != nil {
		return fmt.Errorf("cannot listen at %s: %w; --addr names another address", so.Address, err)
	}
	p.ui.Info("", "serving http://%s/ until Ctrl-C", listener.Addr())
	if !serve.Loopback(listener.Addr()) {
		p.ui.Warn("", "other machines can reach this address; nothing asks them for a password")
	}
	return serve.Serve(ctx, listener, m, serve.Options{MaxWords: so.MaxWords})
}

// servedModel loads the network and lets go of the workspace, so that other
// commands can use it meanwhile.
func (p *Pipeline) servedModel(ctx context.Context, o WorkspaceOptions, c ModelChoice) (*servedModel, error) {
	f, err := p.chosen(ctx, o, c)
	if err != nil {
		return nil, err
	}
	kernel, err := p.kernel()
	if err != nil {
		return nil, err
	}
	a, err := loadAnswerer(f, kernel, p.config.Predict.Threads)
	if err != nil {
		return nil, err
	}
	m := &servedModel{answerer: a}
	if w := p.workspace; w != nil {
		p.workspace = nil
		err = w.Close()
	}
	if err == nil {
		m.options, err = p.questionOptions(ctx, a.text, f.segmenter)
	}
	if err != nil {
		a.close()
		return nil, err
	}
	return m, nil
}

// servedModel is an answerer with what makes questions of text.
type servedModel struct {
	*answerer
	options corpus.QuestionOptions
}

// Question makes a question of a passage with a blank.
func (m *servedModel) Question(passage string) (corpus.Question, error) {
	return corpus.TextQuestion("1", passage, m.options)
}

// Answer answers questions together.
func (m *servedModel) Answer(questions []corpus.Question) ([]serve.Answer, error) {
	examples := make([]model.Example, len(questions))
	for i, q := range questions {
		var err error
		if examples[i], err = model.NewExample(q, m.vectors.Vocabulary); err != nil {
			return nil, err
		}
	}
	probabilities, err := m.network.Probabilities(examples)
	if err != nil {
		return nil, err
	}
	answers := make([]serve.Answer, len(questions))
	for i, e := range examples {
		answers[i].Positions = probabilities[i]
		for _, c := range model.Rank(e, probabilities[i], m.vectors.Vocabulary, serve.MaxTop) {
			answers[i].Candidates = append(answers[i].Candidates, shownCandidate(questions[i], c))
		}
	}
	return answers, nil
}
