"""Writes parity.json: a small reader network with its weights and passages, and
what PyTorch computes of them in double precision: probabilities, losses and
every gradient. Needs python3 with torch; run it in this folder.

The network is written from its description in doc.go, position by position,
as an implementation independent of the Go code.
"""

import json
import math
import random

import torch

torch.manual_seed(7)
random.seed(7)
torch.set_default_dtype(torch.float64)

DIM, CHARS, UNITS, LAYERS, HIDDEN, KEYS, REREAD, GAP = 5, 3, 4, 2, 7, 6, 5, 3
FEATURES = 563
WORD_LOSS = 0.7

words = ["。", "说", "“", "”"] + [chr(ord("一") + i % 20) + (chr(ord("一") + i // 20) if i >= 20 else "") for i in range(296)]
tags = ["x", "v", "x", "x"] + ["d" if i % 4 == 3 else "n" for i in range(296)]
counts = [600 - i for i in range(len(words))]
V = len(words) + 1

# Characters of at least two words get ids from 1 in the order of the words.
in_words = {}
for w in words:
    for c in w:
        in_words[c] = in_words.get(c, 0) + 1
chars = {}
for w in words:
    for c in w:
        if in_words[c] > 1 and c not in chars:
            chars[c] = len(chars) + 1


def rand(*shape):
    return (torch.rand(*shape) - 0.5).requires_grad_()


weights = {
    "vectors": rand(V, DIM), "characters": rand(len(chars) + 1, CHARS), "unknown": rand(DIM),
    "scale": rand(1),
}
IN = DIM + 3 * CHARS
for k in range(2 * LAYERS):
    width = IN if k < 2 else UNITS
    weights[f"lstm.{k}.weight_ih_l0"] = rand(4 * UNITS, width)
    weights[f"lstm.{k}.weight_hh_l0"] = rand(4 * UNITS, UNITS)
    weights[f"lstm.{k}.bias_ih_l0"] = rand(4 * UNITS)
for name, i, o in [("hidden", 2 * UNITS, HIDDEN), ("query", HIDDEN, 2 * KEYS), ("features", HIDDEN, FEATURES),
                   ("left", 2 * UNITS + IN, KEYS), ("right", 2 * UNITS + IN, KEYS),
                   ("far_left", 3 * UNITS + IN, KEYS), ("far_right", 3 * UNITS + IN, KEYS),
                   ("fit", HIDDEN, KEYS), ("word", IN, KEYS),
                   ("reread.pair", KEYS, REREAD), ("reread.glance", KEYS, REREAD), ("reread.ask", HIDDEN, REREAD)]:
    weights[name + ".weight"], weights[name + ".bias"] = rand(o, i), rand(o)
weights["reread.features"], weights["reread.first"] = rand(FEATURES, REREAD), rand(2, REREAD)
weights["reread.blank"], weights["reread.out"] = rand(REREAD), rand(2, 2 * REREAD)
for k in range(2):
    weights[f"reread.lstm.{k}.weight_ih_l0"] = rand(4 * REREAD, REREAD)
    weights[f"reread.lstm.{k}.weight_hh_l0"] = rand(4 * REREAD, REREAD)
    weights[f"reread.lstm.{k}.bias_ih_l0"] = rand(4 * REREAD)
W = weights

unknown = ["甲丁", "丁"]  # ids V and V+1
# Words of all ranges of frequency, few enough to repeat.
pool = [1, 2, 3, 4, 5, 6, 8, 20, 21, 40, 60, 61, 63, 100, 128, 180, 255, 299]
passages = [[random.choice(pool) for _ in range(n)] for n in (33, 17, 41)]
for p in passages:
    p[4], p[11] = V, V + 1
    p[1] = p[7] = 1  # ends of sentences
    p[9], p[15] = 3, 4  # a quotation
    p[5] = 2  # the unknown word speaks
# Texts that collocations are counted in. The first two passages are two of them,
# and are trained on without their own.
texts = passages[:2] + [[random.choice(pool + [V, V + 1]) for _ in range(25)] for _ in range(40)]


def spelling(i):
    return [chars.get(c, 0) for c in (words[i - 1] if i < V else unknown[i - V])]


def is_noun(i):
    return i < V and tags[i - 1] == "n"


def candidate(i):
    return is_noun(i) or i == V  # unknown words of two characters or more


def row(i):
    s = [W["characters"][c] for c in spelling(i)]
    vector = W["vectors"][i] if i < V else W["unknown"]
    return torch.cat([vector, s[0], s[-1], sum(s) / len(s)])


def lstm(name, xs):
    weight_ih, weight_hh, bias = (W[f"{name}.{part}_l0"] for part in ("weight_ih", "weight_hh", "bias_ih"))
    h, c, out = torch.zeros(weight_hh.shape[1]), torch.zeros(weight_hh.shape[1]), []
    for x in xs:
        gates = weight_ih @ x + weight_hh @ h + bias
        i, f, g, o = gates.chunk(4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        out.append(h)
    return out


def linear(name, x):
    return W[name + ".weight"] @ x + W[name + ".bias"]


def sentences(p):
    number, out = 0, []
    for i, w in enumerate(p):
        out.append(number)
        ends = (1, 4)  # 。 and ”
        if w in ends and (i + 1 == len(p) or p[i + 1] not in ends):
            number += 1
    return out


def count_range(n):
    return n if n <= 4 else 5 if n <= 6 else 6 if n <= 9 else 7


def same(p, t, s, step):
    at = lambda i: p[i] if 0 <= i < len(p) else None
    if at(t + step) is None or at(t + step) != at(s + step):
        return 0
    if at(t + 2 * step) is not None and at(t + 2 * step) == at(s + 2 * step):
        return 6
    return min(5, 1 + int(math.log10(max(1, at(t + step)))))


def is_mark(p, i):
    return not 0 <= i < len(p) or p[i] in (1, 3, 4)


def information(w):
    if w >= V:
        return 8
    return 0 if w in (1, 3, 4) else max(0, min(8, w.bit_length() - 4))


def share_range(bits):
    return sum(bits > limit for limit in (0, 3, 6, 9, 13, 18, 26))


def shared(p, t, s, near, at):
    """What the words at the positions at, the candidate's s apart, have in common with those at near, in bits."""
    there = {p[i] for i in near if i != t}
    return sum(information(p[i]) for i in at if i not in (t, s) and p[i] in there)


def window(p, i, width):
    return range(max(0, i - width), min(len(p), i + width + 1))


def quotations(p):
    number, inside, out = 0, False, []
    for w in p:
        if w == 3:
            number, inside = number + 1, True
        elif w == 4:
            inside = False
        out.append(number if inside and w != 3 else 0)
    return out


def nearest(sent, t, places):
    return min(5, min(abs(sent[i] - sent[t]) for i in places)) if places else 6


def is_function_word(w):
    return w < V and tags[w - 1] == "d"


def is_content_word(w):
    return w not in (1, 3, 4) and not is_function_word(w)


def contents(p, i, step, t):
    """The two nearest content words on one side of position i, but not the blank's."""
    sent = sentences(p)
    reach = [i + step * d for d in range(1, 7)]
    reach = [j for j in reach if 0 <= j < len(p) and sent[j] == sent[i]]
    # Two, but the blank is passed by as one of the first three.
    return [j for j in [j for j in reach if is_content_word(p[j]) and information(p[j]) > 0][:3] if j != t][:2]


def content_level(p, a, b, same_side):
    equal = {(i, j) for i, x in enumerate(a) for j, y in enumerate(b) if x != y and p[x] == p[y]}
    if same_side and {(0, 0), (1, 1)} <= equal:
        return 7
    rare = lambda i: 1 + sum(information(p[a[i]]) > limit for limit in (2, 5))
    return max([rare(i) + (3 if (i, j) == (0, 0) else 0) for i, j in equal], default=0)


def spelled(w):
    return words[w - 1] if w < V else unknown[w - V]


def letters(p, t, s, step):
    """How many characters are the same on one side of t and of s, up to the blank."""
    def side(i):
        out = []
        for j in range(i + step, len(p) if step > 0 else -1, step):
            if j == t:
                break
            out += spelled(p[j])[::step]
        return out
    n = 0
    for a, b in zip(side(t), side(s)):
        if a != b or n == 5:
            break
        n += 1
    return n


def related(p, i):
    """The words that stand in the six relations to position i."""
    out = {}
    for side, step in enumerate((-1, 1)):
        found = []
        for j in [i + step * d for d in range(1, 7)]:
            if not 0 <= j < len(p) or p[j] in (1, 4):
                break
            out.setdefault(side, p[j])
            if is_content_word(p[j]):
                found.append(p[j])
        for k, w in enumerate(found[:2]):
            out[2 + 2 * k + side] = w
    return out


def last_letter(w):
    return chars.get(spelled(w)[-1], 0)


def pairs(u, w):
    """What the three units count of a word and a candidate."""
    word, to = (u if u < V else 0), (w if w < V else 0)
    return [(word, to), (word, last_letter(w)), (last_letter(u), last_letter(w))]


def collocations_of(text):
    return {(unit, r, *pair) for i in range(len(text)) if text[i] < V and candidate(text[i])
            for r, w in related(text, i).items() for unit, pair in enumerate(pairs(w, text[i])) if 0 not in pair}


def collocation(p, t, w, unit, relation):
    u = related(p, t).get(relation)
    if u is None:
        return 13
    of, to = pairs(u, w)[unit]
    if of == 0 or to == 0:
        return 12
    counted = (unit, relation, of, to)
    in_texts = sum(counted in c for c in collocations)
    own = any(p is text and counted in c for text, c in zip(texts, collocations))
    n = in_texts - own if in_texts >= 2 else 0
    ending = lambda letter, counts: sum(c for i, c in enumerate(counts, 1) if last_letter(i) == letter)
    of_count = ending(of, counts) if unit == 2 else counts[of - 1]
    to_count = counts[to - 1] if unit == 0 else ending(to, [c if candidate(i) else 0 for i, c in enumerate(counts, 1)])
    chance = of_count * to_count / sum(counts)
    if n < 2:
        return 8 + sum(chance > limit for limit in (0.1, 0.5, 2))
    return sum(n / chance > limit for limit in (1, 4, 16)) + (4 if n >= 4 else 0)


collocations = [collocations_of(text) for text in texts]


def turn(p, t, s, counted):
    """Which of the counted words the candidate is, before the blank and after it."""
    def rank(positions, most):
        seen = []
        for i in positions:
            if candidate(p[i]) and p[i] not in seen and counted(i):
                seen.append(p[i])
        return min(most, seen.index(p[s]) + 1) if p[s] in seen else 0
    return rank(range(t - 1, -1, -1), 4) * 4 + rank(range(t + 1, len(p)), 3)


def features(p, t, s):
    sent = sentences(p)
    distance = min(9, abs(t - s).bit_length())
    others = [i for i, w in enumerate(p) if w == p[s] and i != t]
    n = len(others)
    inside = any(sent[i] == sent[t] for i in others)
    before = [i for i in others if i < t]
    after = [i for i in others if i > t]
    near = 0
    if s < t and s == before[-1]:
        near = 1
    elif s > t and s == after[0]:
        near = 2 if before else 3
    visible = [i for i in others if abs(i - t) >= GAP]
    around = lambda i: shared(p, t, i, window(p, t, 10), window(p, i, 5))
    same_sentence = [i for i in range(len(p)) if sent[i] == sent[t]]
    clause = 0
    if sent[s] != sent[t]:
        clause = shared(p, t, s, same_sentence, [i for i in range(len(p)) if sent[i] == sent[s]])
    rank = 6 if p[s] >= V else max(0, min(5, p[s].bit_length() // 2 - 3))
    first = 0 if sent[others[0]] == 0 else 1 if sent[others[0]] < 5 else 2
    length = min(3, len(words[p[s] - 1] if p[s] < V else unknown[p[s] - V])) - 1
    apart = min(4, abs(sent[t] - sent[s])) + (5 if s > t else 0)
    few = lambda k: min(3, k.bit_length())
    quote = quotations(p)
    quoted = 0 if quote[s] == 0 else 1 if quote[s] == quote[t] else 2
    speaks = any(i + 1 < len(p) and p[i + 1] == 2 for i in others)
    content = lambda i: (
        content_level(p, contents(p, t, -1, t), contents(p, i, -1, t), True), content_level(p, contents(p, t, 1, t), contents(p, i, 1, t), True),
        max(content_level(p, contents(p, t, -1, t), contents(p, i, 1, t), False), content_level(p, contents(p, t, 1, t), contents(p, i, -1, t), False)))
    same_letters = lambda i: (letters(p, t, i, -1), letters(p, t, i, 1))
    most = lambda of: [max(column) for column in zip(*(of(i) for i in visible))]
    begins = lambda i: is_mark(p, i - 1) and not is_mark(p, i + 1)
    says = lambda i: i + 1 < len(p) and p[i + 1] == 2
    groups = [
        (20, (10 if s > t else 0) + distance), (8, count_range(n)), (2, int(inside)), (7, same(p, t, s, -1)), (7, same(p, t, s, 1)), (4, near),
        (8, share_range(around(s))), (8, share_range(clause)), (8, share_range(max(around(i) for i in visible))),
        (35, rank * 5 + min(4, n.bit_length())), (9, first * 3 + length),
        (10, apart), (7, max(same(p, t, i, -1) for i in visible)), (7, max(same(p, t, i, 1) for i in visible)),
        (7, nearest(sent, t, before)), (7, nearest(sent, t, after)), (16, few(len(before)) * 4 + few(len(after))),
        (3, quoted), (4, is_mark(p, s - 1) + 2 * is_mark(p, s + 1)), (2, int(speaks)),
    ]
    groups += [(8, v) for v in [*content(s), *most(content)]] + [(6, v) for v in [*same_letters(s), *most(same_letters)]]
    groups += [(14, collocation(p, t, p[s], unit, r)) for unit in range(3) for r in range(6)]
    groups += [(20, turn(p, t, s, counted)) for counted in (says, begins, lambda i: True)]
    out, offset = [], 0
    for size, value in groups:
        assert 0 <= value < size
        out.append(offset + value)
        offset += size
    assert offset == FEATURES, offset
    return out


def key(p, x, f, b, t, s):
    """The kind of the key at s that the blank at t sees, and the key."""
    sent = sentences(p)
    mine = [i for i in range(len(p)) if sent[i] == sent[s]]
    if s < t:
        last = min(len(p) - 1, max(s + GAP - 1, min(mine[-1], s + 40)))
        states = [f[s], f[min(len(p) - 1, s + GAP - 1)]]
        return ("far_left", torch.cat(states + [f[last], x[s]])) if last < t else ("left", torch.cat(states + [x[s]]))
    start = max(0, min(s - GAP + 1, max(mine[0], s - 40)))
    states = [b[s], b[max(0, s - GAP + 1)]]
    return ("far_right", torch.cat(states + [b[start], x[s]])) if start > t else ("right", torch.cat(states + [x[s]]))


def reread(p, t, hidden, pairs, keys, scores):
    """The scores with what the second reading adds. pairs and keys are query times key, and key, of each candidate."""
    first = torch.stack(list(scores.values())).detach()
    probability = dict(zip(scores, torch.softmax(first, 0)))
    level = dict(zip(scores, torch.clamp((first - first.max()) / 10, min=-1)))
    order = sorted([t, *scores])
    ask, xs = linear("reread.ask", hidden), []
    for s in order:
        if s == t:
            x = ask + W["reread.pair.bias"] + W["reread.blank"]
        else:
            x = ask + linear("reread.pair", pairs[s]) + linear("reread.glance", keys[s]) + sum(W["reread.features"][g] for g in features(p, t, s))
            x = x + W["reread.first"][0] * probability[s] + W["reread.first"][1] * level[s]
        xs.append(torch.relu(x))
    forward, backward = lstm("reread.lstm.0", xs), lstm("reread.lstm.1", xs[::-1])[::-1]
    said = {s: W["reread.out"] @ torch.cat([f, b]) for s, f, b in zip(order, forward, backward)}
    places = lambda s: [r for r in scores if p[r] == p[s]]
    return {s: score + said[s][0] + sum(said[r][1] for r in places(s)) / len(places(s)) for s, score in scores.items()}


encoded = []
for p in passages:
    x = [row(i) for i in p]
    f, b = x, x
    for l in range(LAYERS):
        f = lstm(f"lstm.{2 * l}", f)
        b = lstm(f"lstm.{2 * l + 1}", b[::-1])[::-1]
    encoded.append((x, f, b))

# Rows of distinct words; words beyond the vocabulary are their passage's own.
table = {}
for n, p in enumerate(passages):
    for t, i in enumerate(p):
        table.setdefault((i, n if i >= V else -1), encoded[n][0][t])

blank_losses, word_losses, probabilities, blanks = [], [], [], []
for n, (p, (x, f, b)) in enumerate(zip(passages, encoded)):
    zero = torch.zeros(UNITS)
    keys = [s for s, i in enumerate(p) if candidate(i)]
    asked, rows = [], []
    for t in range(len(p)):
        ends = torch.cat([f[t - 1] if t > 0 else zero, b[t + 1] if t + 1 < len(p) else zero])
        hidden = torch.relu(linear("hidden", ends))
        fit = linear("fit", hidden) / math.sqrt(KEYS)
        logits = {k: fit @ linear("word", r) for k, r in table.items()}
        own = (p[t], n if p[t] >= V else -1)
        offset = lambda k: math.log(1 + counts[k[0] - 1]) if k[0] < V else 0
        all_logits = torch.stack([logits[k] + offset(k) for k in table])
        word_losses.append(torch.logsumexp(all_logits, 0) - logits[own] - offset(own))
        again = [s for s in range(len(p)) if p[s] == p[t] and abs(s - t) >= GAP]
        if not is_noun(p[t]) or not again:
            continue
        asked.append(t)
        ql, qr = linear("query", hidden).chunk(2)
        weights_of = linear("features", hidden)
        scores, made_pairs, made_keys = {}, {}, {}
        for s in keys:
            if abs(s - t) < GAP:
                continue
            kind, made = key(p, x, f, b, t, s)
            query, made_keys[s] = ql if s < t else qr, linear(kind, made)
            made_pairs[s] = query * made_keys[s]
            a = made_pairs[s].sum()
            word = (p[s], n if p[s] >= V else -1)
            scores[s] = a / math.sqrt(KEYS) + sum(weights_of[g] for g in features(p, t, s)) + W["scale"][0] * logits[word]
        scores = reread(p, t, hidden, made_pairs, made_keys, scores)
        total = torch.logsumexp(torch.stack(list(scores.values())), 0)
        right = torch.logsumexp(torch.stack([scores[s] for s in scores if p[s] == p[t]]), 0)
        blank_losses.append(total - right)
        rows.append([torch.exp(scores[s] - total).item() if s in scores else 0.0 for s in keys])
    blanks.append(asked)
    probabilities.append(rows)

blank_loss, word_loss = torch.stack(blank_losses).mean(), torch.stack(word_losses).mean()
(blank_loss + WORD_LOSS * word_loss).backward()

with open("parity.json", "w", encoding="utf-8") as out:
    json.dump({
        "units": UNITS, "layers": LAYERS, "characters": CHARS, "hidden": HIDDEN, "keys": KEYS, "reread": REREAD, "word_loss_weight": WORD_LOSS,
        "words": words, "tags": tags, "counts": counts, "unknown": unknown, "passages": passages, "texts": texts,
        "weights": {k: [float(v) for v in w.detach().reshape(-1).tolist()] for k, w in W.items()},
        "blanks": blanks, "probabilities": probabilities,
        "blank_loss": blank_loss.item(), "word_loss": word_loss.item(),
        "gradients": {k: w.grad.reshape(-1).tolist() if w.grad is not None else [0.0] * w.numel() for k, w in W.items()},
    }, out, ensure_ascii=False)
    out.write("\n")
