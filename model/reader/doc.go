// Package reader is the second network for cloze questions. It reads a passage
// once and answers all its blanks at once, so that a text serves for as many
// questions as it has nouns that repeat.
//
// # The network
//
// A passage of L words is read by two stacks of LSTM layers, one from the left
// and one from the right, that never meet: f_t has seen the words up to t, b_t
// those from t on. A blank at position t is described by f_{t-1} and b_{t+1},
// which have not seen the word that stands there:
//
//	hidden  h_t = relu(W1 [f_{t-1}; b_{t+1}])
//	query   q_t = W2 h_t                           two halves: for words left and right of t
//	key     left of a blank   k_s = Wl [f_s; f_{s+2}; x_s]
//	        right of it       k_s = Wr [b_s; b_{s-2}; x_s]
//	score   a_ts = q_t · k_s / sqrt(keys) + (Wf h_t) · features(t, s) + w p_t · o_s
//
// where x_s is the word's input: its vector, and the vectors of its first and
// last character and the mean of all its characters. A key on the left has not
// seen the blank either, since it reads from the left only; so each word of the
// passage can be a blank and a candidate in one pass. Positions nearer than
// [Gap] to the blank would see it through f_{s+2}, and are no candidates. Where
// the sentence of s ends before the blank, another map, of [f_s; f_{s+2}; f_e;
// x_s], makes the key, which has so seen the sentence up to its end e; and
// likewise on the right.
//
// features(t, s) are 0 or 1: ranges of the distance, of how often the word
// stands in the passage, and where, of how rare it is, of what the words
// around both places and their sentences have in common, whose turn it is to speak
// or to act, and others; features.go, common.go, types.go, content.go and turns.go list
// them. The query says what each of them is worth for its blank. None depends on the
// word that stands at t.
//
// Other features, in collocate.go, say how often the word at s stands in other
// texts next to the words that stand beside the blank, as against chance (pointwise
// mutual information; Church and Hanks 1990), and how often words with the same last
// character do. A text that is trained on is no witness for itself: its own
// collocations are subtracted.
//
// p_t · o_s, with p_t = Wp h_t and o_s = Wo x_s, is how well a word fits by
// itself, wherever it stands. It learns from all words, not from nouns that
// repeat alone: a second loss predicts each word of a sample among all the
// words of the step's passages and others that are drawn (see [Options].WordLoss and
// [Options].WordSamples).
//
// # The second reading
//
// With [Options].Reread = r the candidates are read again, for each blank anew, now
// that it is known what is asked for and how well each of them fits: re-reading with
// the question in hand is the idea of Dhingra et al., "Gated-attention readers for
// text comprehension", 2017. The candidates alone are read, in the order of the
// passage, which is a quarter of its words, so that all blanks of a passage can still be
// asked for at once. A bidirectional LSTM layer of r units reads for each candidate
//
//	c_ts = relu(Wq (q_t * k_s) + Wg k_s + Wa h_t + sum of E at features(t, s) + W1 [P_ts; l_ts])
//
// where * multiplies element by element, P_ts is the softmax of the scores above, and
// l_ts, from -1 to 0, a tenth of the score's distance to the best one (no gradient goes
// through these two). In the blank's place it reads relu(Wa h_t + bq + w0), bq being the
// bias that belongs to Wq. Of its output y_ts, v · y_ts is added to the score, and so is the
// mean of u · y_ts' over all s' where the same word stands.
//
// # Answers
//
// A word's probability is the sum of the softmax over its positions (Kadlec et
// al., "Text understanding with the attention sum reader network", 2016), and
// the loss its logarithm. Where questions are answered, it is proportional to the
// root of the sum of its positions' squared softmax instead, which chooses frequent
// words less often; the loss is of the plain sum. Only words
// that a [Lexicon] calls candidates, nouns in the main, have positions in the softmax.
// So have words that stand in the texts where nouns do, though a dictionary calls them
// something else.
//
// # Training
//
// All documents are cut into passages at sentence ends, anew each epoch. Each
// noun that stands again in its passage is a blank; blanks are weighed to be like
// the questions to be answered (see [Answers]), and of those that weigh little a step
// asks for some only. Some nouns, and some other words, give their places in a
// passage to others of similar meaning (see [Options].Substitute), and words of few
// documents are taken for unknown (see [Dropout].Rare): those of one document alone
// always, so that the network learns from them what to make of words that it will
// not know. Dropout (Srivastava et al.
// 2014) takes elements of the input, whole words, and the layers' outputs with
// one mask a passage (Gal and Ghahramani 2016), recurrent weights (Merity
// et al. 2018), and elements of what describes a blank; it may rise from nothing as the
// training goes on (see [Dropout].Rise), so that what is learned first is learned soon
// (Morerio et al., "Curriculum dropout", 2017). The weights that are validated and kept
// are an exponential mean over the steps.
//
// The same passages, options and kernel give the same weights, whatever the
// number of threads, and a training that was killed goes on to the same.
package reader
