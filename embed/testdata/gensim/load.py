"""Loads with gensim each file named, and prints its words and numbers."""
import sys

import gensim

for path in sys.argv[1:]:
    vectors = gensim.models.KeyedVectors.load_word2vec_format(
        path, binary=".bin" in path, no_header="headerless" in path
    )
    for word in vectors.index_to_key:
        print(word, *(x.hex() for x in vectors[word].astype(float)))
