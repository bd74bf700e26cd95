"""Makes gensim.json: neighbours.py SENTENCES > gensim.json; see gensim_test.go."""
import json
import sys

from gensim.models import Word2Vec

sentences = [line.split() for line in open(sys.argv[1], encoding="utf-8")]
out = {"seeds": [], "similarity": []}
for seed in (1, 2, 3):
    m = Word2Vec(sentences, vector_size=32, window=5, negative=10, min_count=1, sample=1e-3,
                 sg=1, workers=1, seed=seed, epochs=5)
    words = sorted(m.wv.index_to_key)
    out["seeds"].append({w: [n for n, _ in m.wv.most_similar(w, topn=10)] for w in words})
    pairs = zip(words, words[1:] + words[:1])
    out["similarity"].append(round(sum(float(m.wv.similarity(a, b)) for a, b in pairs) / len(words), 4))
json.dump(out, sys.stdout)
print()
