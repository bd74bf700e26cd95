// Answers cloze questions with the network reader from an ONNX file, by onnxruntime
// in Node.js.
//
//   npm install onnxruntime-node
//   node answer_reader.js FOLDER < questions.jsonl > answers.jsonl
//
// FOLDER is what "pipeline export --format onnx" writes. A line of the questions is
// {"id": "1", "passage": "狐狸 提着 XXXXX 走过 木桥 。"}, its words apart by spaces and
// simplified as the program does it. An answer is {"id", "answers": [{"word",
// "probability"}, ...]}, all words of the passage, the most probable first.
"use strict";
const fs = require("fs");
const path = require("path");

const blankMark = "XXXXX";
const gap = 3; // places nearer to the blank are no candidates
const ahead = 2, farAhead = 40; // how far beyond its own place a key sees
const aroundBlank = 10, aroundCandidate = 5; // words that are looked at
const contentReach = 6, contentWords = 2, lettersReach = 5; // beside a blank and a candidate
const relations = 6, unitNumbers = [0, 1, 2], leastTexts = 2; // of collocations
const statesWidth = 3;

const bits = (n) => 32 - Math.clz32(n); // of a whole number
const clamp = (n, low, high) => Math.min(high, Math.max(low, n));
const isChinese = (word) => /^\p{Script=Han}+$/u.test(word);
const letters = (word) => Array.from(word).length;

// What the features below are computed for; lexicon.json says where each group begins.
const groups = ["distance", "count", "sentence", "left", "right", "nearest", "window", "clause", "type", "rank",
  "first", "sentences_apart", "type_left", "type_right", "nearest_left", "nearest_right", "sides", "quote", "marks", "speech",
  "content_left", "content_right", "content_across", "content_type_left", "content_type_right", "content_type_across",
  "letters_left", "letters_right", "letters_type_left", "letters_type_right",
  ...["", "_letter", "_letters"].flatMap((unit) => ["adjacent_left", "adjacent_right", "nearest_word_left", "nearest_word_right",
    "second_nearest_left", "second_nearest_right"].map((name) => name + unit)),
  "turn_speakers", "turn_begins", "turn_stands"];
const features = 563;

// A Lexicon knows the words of the vocabulary; ids count from 1.
class Lexicon {
  constructor(folder) {
    const described = JSON.parse(fs.readFileSync(path.join(folder, "lexicon.json"), "utf8"));
    if (described.features !== features || described.groups.map((g) => g.name).join() !== groups.join())
      throw new Error(`${folder}/lexicon.json: the network has other features than this program computes`);
    this.first = Object.fromEntries(described.groups.map((g) => [g.name, g.first]));
    const lines = fs.readFileSync(path.join(folder, "vocab.tsv"), "utf8").split("\n").filter((line) => line !== "");
    this.words = [""].concat(lines.map((line) => line.split("\t")[0]));
    this.counts = [0].concat(lines.map((line) => Number(line.split("\t")[1])));
    this.total = this.counts.reduce((sum, count) => sum + count, 0);
    this.ids = new Map(this.words.map((word, id) => [word, id]));
    this.characters = new Map(Array.from(described.characters).map((c, i) => [c, i + 1]));
    for (const name of ["candidates", "unknown", "ends", "marks", "opens", "closes", "speech", "attributive", "function_words"]) this[name] = new Set(described[name]);
    this.collocations = new Map();
    for (let i = 0; i < described.collocations.length; i += 4) {
      const [counting, word, candidate, texts] = described.collocations.slice(i, i + 4);
      this.collocations.set(this.pair(counting, word, candidate), texts);
    }
    // How many words, and how many candidates, end in each character.
    this.endings = [0, 1].map(() => new Array(this.characters.size + 1).fill(0));
    this.words.forEach((word, id) => {
      this.endings[0][this.lastLetter(word)] += this.counts[id];
      if (this.candidates.has(id)) this.endings[1][this.lastLetter(word)] += this.counts[id];
    });
  }

  spelling(word) {
    const all = Array.from(word).map((c) => this.characters.get(c) || 0);
    return all.length > 0 ? all : [0];
  }

  lastLetter(word) { return this.spelling(word).pop(); }

  // isMark: places outside of a passage are marks, too.
  isMark(id) { return id === undefined || this.marks.has(id); }

  // isKnown: some words of the vocabulary stood in one text alone and are taken for unknown.
  isKnown(id) { return id < this.words.length && !this.unknown.has(id); }

  pair(counting, word, candidate) {
    const count = Math.max(this.words.length, this.characters.size + 1);
    return (counting * count + word) * count + candidate;
  }

  isContentWord(id) { return id !== 0 && !this.isMark(id) && !this.function_words.has(id); }

  // collocation ranges in how many texts of the training a word stands in a relation
  // to a candidate, as against by chance; of both it takes what the unit counts.
  collocation(unit, relation, word, candidate) {
    if (word === undefined) return 13;
    const known = ({ id }) => (this.isKnown(id) ? id : 0);
    const of = unit === 2 ? word.letter : known(word), to = unit === 0 ? known(candidate) : candidate.letter;
    if (of === 0 || to === 0) return 12;
    const texts = this.collocations.get(this.pair(unit * relations + relation, of, to)) || 0;
    const ofCount = (unit === 2 ? this.endings[0] : this.counts)[of], toCount = (unit === 0 ? this.counts : this.endings[1])[to];
    const chance = (ofCount * toCount) / this.total;
    if (texts < leastTexts) return 8 + above(chance, [0.1, 0.5, 2]);
    return above(texts / chance, [1, 4, 16]) + (texts >= 4 ? 4 : 0);
  }

  // information is a word's weight in bits: its id is its rank of frequency.
  information(id) {
    if (id === 0 || this.isMark(id)) return 0;
    return this.isKnown(id) ? clamp(bits(id) - 4, 0, 8) : 8;
  }

  frequency(id) {
    return this.isKnown(id) ? clamp(Math.floor(bits(id) / 2) - 3, 0, 5) : 6;
  }

  // same tells how alike two words beside a blank and beside a candidate are: 6 if
  // both are the same, 1 to 5 if the nearer is, from frequent words to rare and unknown ones.
  same(beside, further, next, nextButOne) {
    if (beside === undefined || beside !== next) return 0;
    if (further !== undefined && further === nextButOne) return 6;
    if (!this.isKnown(next)) return 5;
    let rank = 1;
    for (let limit = 10; rank < 5 && next >= limit; limit *= 10) rank++;
    return rank;
  }
}

// A Passage is words around a blank. Words that the vocabulary lacks have ids of
// their own behind it; the blank has 0.
class Passage {
  constructor(lexicon, text, blank) {
    Object.assign(this, { lexicon, text, blank });
    const unknown = new Map();
    this.words = text.map((word, i) => {
      if (i === blank) return 0;
      if (lexicon.ids.has(word)) return lexicon.ids.get(word);
      if (!unknown.has(word)) unknown.set(word, lexicon.words.length + unknown.size);
      return unknown.get(word);
    });
    this.sentence = [];
    this.starts = [0];
    this.words.forEach((id, i) => {
      this.sentence.push(this.starts.length - 1);
      if (lexicon.ends.has(id) && !lexicon.ends.has(this.words[i + 1])) this.starts.push(i + 1);
    });
    if (this.starts[this.starts.length - 1] < text.length) this.starts.push(text.length);
    this.candidates = [];
    this.words.forEach((id, i) => {
      const known = id < lexicon.words.length;
      if (known ? lexicon.candidates.has(id) : isChinese(text[i]) && letters(text[i]) > 1) this.candidates.push(i);
    });
  }

  near(key) { return Math.abs(key - this.blank) < gap; }

  // key gives the number of a candidate's map and the places that make its key.
  key(at) {
    const last = this.words.length - 1, s = this.sentence[at];
    if (at < this.blank) {
      const next = Math.min(last, at + ahead);
      const seen = Math.min(last, Math.max(at + ahead, Math.min(this.starts[s + 1] - 1, at + farAhead)));
      return seen < this.blank ? { kind: 2, states: [at, next, seen] } : { kind: 0, states: [at, next, at] };
    }
    const next = Math.max(0, at - ahead);
    const seen = Math.max(0, Math.min(at - ahead, Math.max(this.starts[s], at - farAhead)));
    return seen > this.blank ? { kind: 3, states: [at, next, seen] } : { kind: 1, states: [at, next, at] };
  }

  // shared gives, for each place, the sum of the weights before it of words that
  // stand among the words from..until, too. The blank's own place is left aside.
  shared(from, until) {
    const there = new Set();
    for (let i = from; i < until; i++) if (i !== this.blank) there.add(this.words[i]);
    const sums = [0];
    this.words.forEach((id, i) => {
      sums.push(sums[i] + (i !== this.blank && there.has(id) ? this.lexicon.information(id) : 0));
    });
    return sums;
  }

  // quotations gives the number of the quotation at each place, 0 outside.
  quotations() {
    let number = 0, open = false;
    return this.words.map((id) => {
      if (this.lexicon.opens.has(id)) {
        number++;
        open = true;
      } else if (this.lexicon.closes.has(id)) {
        open = false;
      } else if (open) {
        return number;
      }
      return 0;
    });
  }

  // contents gives the places of the nearest content words on the side of a place to
  // which step leads, in its sentence.
  contents(at, step) {
    const found = [], { words, sentence, lexicon } = this;
    for (let i = at + step; found.length < contentWords && i >= 0 && i < words.length && (i - at) * step <= contentReach && sentence[i] === sentence[at]; i += step)
      if (lexicon.isContentWord(words[i]) && lexicon.information(words[i]) > 0) found.push(i);
    return found;
  }

  // sameContent tells what the content words at two lists of places have in common.
  sameContent(a, b, sameSide) {
    let level = 0;
    a.forEach((at, i) => b.forEach((other, j) => {
      if (at === other || this.words[at] !== this.words[other]) return;
      let found = 1 + above(this.lexicon.information(this.words[at]), [2, 5]);
      if (i === 0 && j === 0) found += 3;
      else if (i === 1 && j === 1 && level > 3 && sameSide) found = 7;
      level = Math.max(level, found);
    }));
    return level;
  }

  // lettersBeside lists the first characters on one side of a place, up to the blank.
  lettersBeside(at, step) {
    const found = [];
    for (let i = at + step; found.length < lettersReach && i >= 0 && i < this.words.length && i !== this.blank; i += step) {
      const letters = Array.from(this.text[i]);
      found.push(...(step < 0 ? letters.reverse() : letters));
    }
    return found.slice(0, lettersReach);
  }

  // related gives the words that stand in each relation to the blank: the next to
  // it, the nearest content word and the content word behind that, left and right.
  related() {
    const found = Array(relations).fill(undefined), { words, blank, lexicon } = this;
    [-1, 1].forEach((step, side) => {
      let relation = 2;
      for (let i = blank + step; relation < relations && i >= 0 && i < words.length && (i - blank) * step <= contentReach && !lexicon.ends.has(words[i]); i += step) {
        if (i === blank + step) found[side] = this.term(i);
        if (!lexicon.isContentWord(words[i])) continue;
        found[relation + side] = this.term(i);
        relation += 2;
      }
    });
    return found;
  }

  // term is what can be counted of a word: its id, and its last character's number.
  term(at) { return { id: this.words[at], letter: this.lexicon.lastLetter(this.text[at]) }; }

  // turns gives for each candidate's word which it is of the words that take turns at
  // a place, the last before the blank and the first after it.
  turns(takes) {
    const ranks = [new Map(), new Map()];
    const count = (side, at) => {
      if (takes(at) && !ranks[side].has(this.words[at])) ranks[side].set(this.words[at], ranks[side].size + 1);
    };
    for (const at of this.candidates.filter((at) => at < this.blank).reverse()) count(0, at);
    for (const at of this.candidates.filter((at) => at > this.blank)) count(1, at);
    return (id) => Math.min(4, ranks[0].get(id) || 0) * 4 + Math.min(3, ranks[1].get(id) || 0);
  }

  // besides gives the features of what stands beside the blank and the candidates.
  besides() {
    const { lexicon, words, blank, candidates } = this, first = lexicon.first;
    const [left, right] = [-1, 1].map((step) => this.contents(blank, step));
    const letters = [-1, 1].map((step) => this.lettersBeside(blank, step));
    const levels = candidates.map((at) => {
      const [l, r] = [-1, 1].map((step) => this.contents(at, step));
      const same = [-1, 1].map((step, side) => {
        const other = this.lettersBeside(at, step);
        const different = letters[side].findIndex((letter, i) => letter !== other[i]);
        return different < 0 ? letters[side].length : different;
      });
      return [this.sameContent(left, l, true), this.sameContent(right, r, true), Math.max(this.sameContent(left, r, false), this.sameContent(right, l, false)), ...same];
    });
    const most = new Map();
    candidates.forEach((at, i) => {
      if (!this.near(at)) most.set(words[at], levels[i].map((level, k) => Math.max(level, (most.get(words[at]) || [])[k] || 0)));
    });
    const related = this.related();
    const turns = [
      (at) => lexicon.speech.has(words[at + 1]),
      (at) => lexicon.isMark(words[at - 1]) && !lexicon.isMark(words[at + 1]) && !lexicon.attributive.has(words[at + 1]),
      () => true,
    ].map((takes) => this.turns(takes));
    const names = groups.slice(groups.indexOf("content_left"));
    return candidates.map((at, i) => {
      const id = words[at], v = levels[i], m = most.get(id) || [0, 0, 0, 0, 0];
      const values = [...v.slice(0, 3), ...m.slice(0, 3), ...v.slice(3), ...m.slice(3),
        ...unitNumbers.flatMap((unit) => related.map((word, relation) => lexicon.collocation(unit, relation, word, this.term(at)))), ...turns.map((turn) => turn(id))];
      return values.map((value, k) => first[names[k]] + value);
    });
  }

  // features gives those of each candidate, in the order of the groups.
  features() {
    const { lexicon, words, blank, sentence, starts, candidates } = this, first = lexicon.first;
    const counts = new Map(), places = new Map();
    words.forEach((id, i) => {
      counts.set(id, (counts.get(id) || 0) + 1);
      if (!places.has(id)) places.set(id, i);
    });
    const here = sentence[blank];
    const inSentence = new Set(words.filter((_, i) => i !== blank && sentence[i] === here));
    const window = this.shared(Math.max(0, blank - aroundBlank), Math.min(words.length, blank + aroundBlank + 1));
    const clause = this.shared(starts[here], starts[here + 1]);
    const own = (sums, at) => sums[at + 1] - sums[at];
    const around = (at) => window[Math.min(words.length, at + aroundCandidate + 1)] - window[Math.max(0, at - aroundCandidate)] - own(window, at);
    const quote = this.quotations();
    const left = (at) => lexicon.same(words[blank - 1], words[blank - 2], words[at - 1], words[at - 2]);
    const right = (at) => lexicon.same(words[blank + 1], words[blank + 2], words[at + 1], words[at + 2]);

    // What all places of a candidate's word have in common.
    const types = new Map();
    for (const at of candidates) {
      const id = words[at];
      if (!types.has(id)) types.set(id, { shared: -1, left: 0, right: 0, countLeft: 0, countRight: 0, speaking: 0 });
      const t = types.get(id);
      if (!this.near(at)) {
        t.shared = Math.max(t.shared, around(at));
        t.left = Math.max(t.left, left(at));
        t.right = Math.max(t.right, right(at));
      }
      if (at < blank) {
        t.before = at;
        t.countLeft++;
      } else {
        if (t.after === undefined) t.after = at;
        t.countRight++;
      }
      if (lexicon.speech.has(words[at + 1])) t.speaking++;
    }

    const besides = this.besides();
    return candidates.map((at, number) => {
      const id = words[at], t = types.get(id), side = at > blank ? 1 : 0, count = counts.get(id);
      const apart = Math.abs(sentence[at] - here);
      let nearest = 0;
      if (t.before === at) nearest = 1;
      else if (t.after === at) nearest = t.before !== undefined ? 2 : 3;
      const between = (other) => (other === undefined ? 6 : Math.min(5, Math.abs(sentence[other] - here)));
      const elsewhere = clause[starts[sentence[at] + 1]] - clause[starts[sentence[at]]] - own(clause, at);
      return [
        first.distance + side * 10 + Math.min(9, bits(Math.abs(blank - at))),
        first.count + (count <= 4 ? count : count <= 6 ? 5 : count <= 9 ? 6 : 7),
        first.sentence + (inSentence.has(id) ? 1 : 0),
        first.left + left(at),
        first.right + right(at),
        first.nearest + nearest,
        first.window + range(around(at)),
        first.clause + (apart > 0 ? range(elsewhere) : 0),
        first.type + range(t.shared),
        first.rank + lexicon.frequency(id) * 5 + Math.min(4, bits(count)),
        first.first + Math.min(2, Math.floor((sentence[places.get(id)] + 3) / 4)) * 3 + Math.min(3, letters(this.text[at])) - 1,
        first.sentences_apart + side * 5 + Math.min(4, apart),
        first.type_left + t.left,
        first.type_right + t.right,
        first.nearest_left + between(t.before),
        first.nearest_right + between(t.after),
        first.sides + Math.min(3, bits(t.countLeft)) * 4 + Math.min(3, bits(t.countRight)),
        first.quote + (quote[at] === 0 ? 0 : quote[at] === quote[blank] ? 1 : 2),
        first.marks + (lexicon.isMark(words[at - 1]) ? 1 : 0) + (lexicon.isMark(words[at + 1]) ? 2 : 0),
        first.speech + (t.speaking > 0 ? 1 : 0),
        ...besides[number],
      ];
    });
  }

  // inputs are those of the graph; without candidates there is nothing to compute.
  inputs() {
    const features = this.features();
    const kept = this.candidates.map((at, i) => ({ at, features: features[i] })).filter(({ at }) => !this.near(at));
    const keys = kept.map(({ at }) => this.key(at));
    const spellings = this.words.map((id, i) => (id === 0 ? [0] : this.lexicon.spelling(this.text[i])));
    const width = Math.max(...spellings.map((s) => s.length));
    const table = (rows, wide) => [rows.flat(), [rows.length, wide]];
    const list = (row) => [row, [row.length]];
    return {
      at: kept.map(({ at }) => at),
      tensors: {
        words: list(this.words.map((id) => (id < this.lexicon.words.length ? id : 0))),
        characters: table(spellings.map((s) => s.concat(Array(width - s.length).fill(0))), width),
        letters: list(spellings.map((s) => s.length)),
        blank: list([this.blank]),
        states: table(keys.map(({ states }) => states), statesWidth),
        kinds: list(keys.map(({ kind }) => kind)),
        same: list(kept.map(({ at }) => kept.findIndex((other) => this.words[other.at] === this.words[at]))),
        features: table(kept.map(({ features }) => features), groups.length),
      },
    };
  }

  // pool makes a word's probability, the sum over its places, proportional to the root
  // of the sum of their squares.
  pool(at, probabilities) {
    const squares = new Map();
    at.forEach((place, i) => squares.set(this.words[place], (squares.get(this.words[place]) || 0) + probabilities[i] ** 2));
    let total = 0;
    for (const sum of squares.values()) total += Math.sqrt(sum);
    return at.map((place, i) => probabilities[i] ** 2 / (Math.sqrt(squares.get(this.words[place])) || 1) / total);
  }

  // anyWord spreads probability where no word is a candidate: over all words of
  // Chinese characters, or over all words.
  anyWord() {
    const others = this.text.map((_, i) => i).filter((i) => i !== this.blank);
    const chinese = others.filter((i) => isChinese(this.text[i]));
    const at = chinese.length > 0 ? chinese : others;
    return { at, probabilities: at.map(() => 1 / at.length) };
  }
}

function above(x, bounds) { return bounds.filter((bound) => x > bound).length; }

function range(shared) { return above(shared, [0, 3, 6, 9, 13, 18, 26]); }

// question cuts a passage at its spaces.
function question(lexicon, passage) {
  const words = passage.split(/\s+/u).filter((word) => word !== "");
  const blanks = words.flatMap((word, i) => (word === blankMark ? [i] : []));
  if (blanks.length !== 1 || words.length < 2) throw new Error(`found ${blanks.length} blanks among ${words.length} words, expected words with one ${blankMark}`);
  return new Passage(lexicon, words, blanks[0]);
}

async function answer(ort, session, passage) {
  const { at, tensors } = passage.inputs();
  let found = passage.anyWord();
  if (at.length > 0) {
    const asked = Object.entries(tensors).filter(([name]) => session.inputNames.includes(name));
    const feeds = Object.fromEntries(asked.map(([name, [data, shape]]) => [name, new ort.Tensor("int32", Int32Array.from(data), shape)]));
    const { probabilities } = await session.run(feeds);
    found = { at, probabilities: passage.pool(at, Array.from(probabilities.data)) };
  }
  const sums = new Map(passage.text.filter((_, i) => i !== passage.blank).map((word) => [word, 0]));
  found.at.forEach((place, i) => sums.set(passage.text[place], sums.get(passage.text[place]) + found.probabilities[i]));
  return Array.from(sums, ([word, probability]) => ({ word, probability })).sort((a, b) => b.probability - a.probability);
}

async function main(folder) {
  const ort = require("onnxruntime-node");
  const lexicon = new Lexicon(folder);
  const session = await ort.InferenceSession.create(path.join(folder, "model.onnx"));
  for (const [number, line] of fs.readFileSync(0, "utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      const { id, passage } = JSON.parse(line);
      console.log(JSON.stringify({ id, answers: await answer(ort, session, question(lexicon, passage)) }));
    } catch (error) {
      throw new Error(`line ${number + 1}: ${error.message}`);
    }
  }
}

if (require.main === module) {
  if (process.argv.length !== 3) {
    console.error("usage: node answer_reader.js FOLDER < questions.jsonl > answers.jsonl");
    process.exit(2);
  }
  main(process.argv[2]).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}

module.exports = { Lexicon, Passage, question, answer };
