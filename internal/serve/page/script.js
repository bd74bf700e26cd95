// All text reaches the page by textContent: a story is never markup.
"use strict";
const BLANK = "XXXXX";
const at = (id) => document.getElementById(id);
let language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
let words = [], blank = -1, original = null, result = null, asked = 0, shown = "";
let message = () => "";
// More words than this would make the page slow; the server's limits are its own.
const SHOWN = 2000, MOST_BYTES = 1 << 20;

function element(name, kind, text) {
  const e = document.createElement(name);
  if (kind) e.className = kind;
  if (text !== undefined) e.textContent = text;
  return e;
}

function say(make, error) {
  message = make;
  at("status").textContent = make(labels[language]);
  at("status").className = error ? "error" : "";
}

// Failure is a status of the server, 0 where it does not answer, and what it says.
class Failure extends Error {
  constructor(status, said) { super(said); this.status = status; }
}

async function post(path, request) {
  const body = JSON.stringify(request);
  if (new Blob([body]).size > MOST_BYTES) throw new Failure(413, "");
  const response = await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body})
    .catch((error) => { throw new Failure(0, error.message); });
  const answer = await response.json().catch(() => ({error: String(response.status)}));
  if (!response.ok) throw new Failure(response.status, answer.error);
  return answer;
}

// attempt does one thing after another thing was asked for: the last one counts.
async function attempt(work) {
  const mine = ++asked;
  say((l) => l.busy);
  try {
    const then = await work();
    if (mine === asked) then();
  } catch (error) {
    if (mine === asked) say((l) => l.failed + (l.status[error.status] || error.message), true);
  }
}

// ask sends the passage; word is what stood at the blank, where it is known.
function ask(passage, word) {
  return attempt(async () => {
    const found = await post("/v1/cloze", {passage, top: 8, detail: true});
    return () => {
      result = found; words = found.words; blank = found.blank; original = word;
      show();
      say((l) => [found.words_left_out ? l.cut.replace("{n}", found.words_left_out) : l.done, word ? l.was.replace("{w}", word) : ""].join(" "));
    };
  });
}

function segment(text) {
  return attempt(async () => {
    const found = await post("/v1/words", {text});
    return () => {
      words = found.words; blank = -1; original = null; result = null;
      show();
      say((l) => words.length > SHOWN ? l.pick + " " + l.more.replace("{n}", words.length - SHOWN) : l.pick);
    };
  });
}

// choose blanks a word, after putting back the one that was blanked before.
function choose(i) {
  const all = words.slice();
  if (blank >= 0 && original) {
    all.splice(blank, 0, original);
    if (i >= blank) i++;
  }
  const word = all[i];
  all[i] = BLANK;
  ask(all.join(" "), word);
}

function show() {
  at("result").hidden = false;
  const list = at("answers"), passage = at("passage");
  list.replaceChildren();
  for (const {word, probability} of result ? result.answers : []) {
    const item = element("li"), track = element("div", "track"), bar = element("div", "bar");
    bar.style.width = (100 * probability).toFixed(1) + "%";
    track.append(bar);
    item.append(element("span", "word", word), track, element("span", "number", (100 * probability).toFixed(1) + " %"));
    list.append(item);
  }
  const inside = passage.contains(document.activeElement);
  passage.replaceChildren();
  const most = result ? Math.max(1e-9, ...result.positions) : 1;
  const add = liner(passage);
  words.forEach((word, i) => {
    // Of a text without a blank the beginning; an answer's words are those that were looked at.
    if (i >= SHOWN && blank < 0) return;
    if (i === blank) add(mark(), BLANK);
    const b = element("button", i < blank ? "left" : "right", word);
    b.type = "button";
    if (result) {
      const p = result.positions[i];
      b.style.setProperty("--share", (0.75 * p / most).toFixed(3));
      if (p >= 0.01) b.classList.add("chosen");
      b.title = (100 * p).toFixed(1) + " %";
    }
    b.dataset.place = i;
    add(b, word);
  });
  if (blank === words.length) add(mark(), BLANK);
  // Whoever chose by keyboard goes on beside the blank.
  if (inside) passage.querySelectorAll("button")[Math.max(0, Math.min(blank, words.length - 1))]?.focus();
}

// liner adds words to a passage so that no line begins with a closing mark or
// ends with an opening one, which boxes like buttons do not see to by themselves.
function liner(passage) {
  const closing = /^[\p{Pe}\p{Pf}，。、；：？！…—～,.;:?!%]+$/u, opening = /^[\p{Ps}\p{Pi}]+$/u, latin = /[0-9A-Za-z]/;
  let line = null, before = "";
  return (box, word) => {
    // Words of letters have a space between them.
    if (latin.test(before.slice(-1)) && latin.test(word.charAt(0))) passage.append(" ");
    // For more than that a phone's line has no room.
    const fits = line && line.textContent.length + word.length <= 12;
    if (!fits || !closing.test(word) && !opening.test(before)) passage.append(line = element("span", "together"));
    line.append(box);
    before = word;
  };
}

function mark() {
  const m = element("span", "blank", result && result.answers.length ? result.answers[0].word : "?");
  m.setAttribute("aria-label", labels[language].blank + ": " + m.textContent);
  return m;
}

function translate() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const e of document.querySelectorAll("[data-label]")) e.textContent = labels[language][e.dataset.label];
  at("language").textContent = labels[language].other;
  at("tales").replaceChildren(...tales.map((tale) => {
    const b = element("button", "", tale[language]);
    b.type = "button";
    b.addEventListener("click", () => { at("text").value = tale.text; submit(); });
    return b;
  }));
  say(message, at("status").className === "error");
}

function submit() {
  const text = at("text").value, blanks = text.split(BLANK).length - 1;
  asked++; // what still comes was not asked for last
  // What is shown belongs to another text.
  if (text !== shown) at("result").hidden = true;
  shown = text;
  if (!text.trim()) say((l) => l.empty, true);
  else if (blanks > 1) say((l) => l.several, true);
  else if (blanks === 1) ask(text, null);
  else segment(text);
}

at("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; translate(); });
at("passage").addEventListener("click", (event) => {
  const word = event.target.closest("button");
  if (word) choose(+word.dataset.place);
});
at("form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
translate();
// A link may carry a passage: /#passage=...
const carried = new URLSearchParams(location.hash.slice(1)).get("passage");
if (carried) { at("text").value = carried; submit(); }
