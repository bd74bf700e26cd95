"""Trains skip-gram vectors with gensim: train.py SENTENCES OUT.bin SEED WORKERS SIZE WINDOW NEGATIVE EPOCHS MIN_COUNT SAMPLE ALPHA"""
import sys
import time

from gensim.models import Word2Vec

path, out = sys.argv[1:3]
seed, workers, size, window, negative, epochs, min_count = map(int, sys.argv[3:10])
sample, alpha = map(float, sys.argv[10:12])
model = Word2Vec(
    sg=1, vector_size=size, window=window, negative=negative, min_count=min_count, sample=sample,
    alpha=alpha, workers=workers, seed=seed, epochs=epochs,
)
model.build_vocab(corpus_file=path)
start = time.time()
model.train(
    corpus_file=path, total_examples=model.corpus_count, total_words=model.corpus_total_words, epochs=epochs
)
print(model.corpus_total_words * epochs / (time.time() - start))
model.wv.save_word2vec_format(out, binary=True)
