"""Trains skip-gram vectors with gensim: train.py SENTENCES OUT.bin SEED WORKERS SIZE WINDOW NEGATIVE EPOCHS MIN_COUNT SAMPLE ALPHA

Says on stdout how far it is, a line an epoch.
"""
import sys
import time

import gensim
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec

path, out = sys.argv[1:3]
seed, workers, size, window, negative, epochs, min_count = map(int, sys.argv[3:10])
sample, alpha = map(float, sys.argv[10:12])


class Progress(CallbackAny2Vec):
    def __init__(self):
        self.done = 0
        self.start = time.time()

    def on_epoch_end(self, model):
        self.done += 1
        rate = model.corpus_total_words * self.done / (time.time() - self.start)
        print(f"{100 * self.done / epochs:.0f} %, {rate:,.0f} words/s", flush=True)


model = Word2Vec(
    sg=1, vector_size=size, window=window, negative=negative, min_count=min_count, sample=sample,
    alpha=alpha, workers=workers, seed=seed, epochs=epochs,
)
print("gensim", gensim.__version__, flush=True)
model.build_vocab(corpus_file=path)
model.train(
    corpus_file=path, total_examples=model.corpus_count, total_words=model.corpus_total_words, epochs=epochs,
    callbacks=[Progress()],
)
model.wv.save_word2vec_format(out, binary=True)
