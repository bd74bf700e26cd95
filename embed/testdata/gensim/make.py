"""Writes the golden files of this folder with gensim 4.2.0 and NumPy 1.24:

    python3 embed/testdata/gensim/make.py embed/testdata/gensim
"""
import os
import sys

import gensim
import numpy as np

words = ["狐狸", "灯笼", "“", "café", "𠮷"]
rows = np.array(
    [[0.1, -2.5, 1e-20], [3, 1 / 3, -0.0], [1e30, 2, 3], [7, -8, 9], [0.25, 0.5, 1]],
    dtype=np.float32,
)
vectors = gensim.models.KeyedVectors(3)
vectors.add_vectors(words, rows)
folder = sys.argv[1]
vectors.save_word2vec_format(os.path.join(folder, "vectors.bin"), binary=True)
vectors.save_word2vec_format(os.path.join(folder, "vectors.txt"), binary=False)
vectors.save_word2vec_format(
    os.path.join(folder, "headerless.txt"), binary=False, write_header=False
)
np.save(os.path.join(folder, "vectors.npy"), rows)
np.save(os.path.join(folder, "double.npy"), rows.astype(np.float64))
for name in ["vectors", "double"]:
    with open(os.path.join(folder, name + ".vocab.tsv"), "w", encoding="utf-8") as f:
        for i, word in enumerate(words):
            f.write(f"{word}\t{len(words) - i}\n")
