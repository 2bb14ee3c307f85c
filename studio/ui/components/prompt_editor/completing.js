// What can be completed at the caret, and what the text is after a completion was taken. Plain functions.
//
// Words arrive as {families, categories, entries, loras, wildcards}, see studio/ui/completions.py:
// an entry is [text, category, families (bits), aliases], a LoRA [name, families], a wildcard [name, number of options].

import { bracketed, spans, within } from "./syntax.js";

export const LIMIT = 12;
const LEAST = 2;
const TAG = /<(?:(?:lora|lyco):([^<>:,\n]*)|([a-z]{0,4}))$/i;
const ASIAN = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

export const folded = (text) => text.normalize("NFKC").toLowerCase().replaceAll("_", " ").replace(/\s+/g, " ");

/** Words made ready for searching; done once. */
export function index(words) {
  const prepared = words.entries.map(([text, category, families, aliases], order) => ({
    kind: "tag", text, families, order, category: words.categories[category],
    names: [text, ...aliases].map((name) => ({ name, key: folded(name) })),
  }));
  const loras = words.loras.map(([name, families], order) => ({
    kind: "lora", text: name, families, order, category: "LoRA", names: [{ name, key: folded(name) }],
  }));
  const wildcards = words.wildcards.map(([name, count], order) => ({
    kind: "wildcard", text: name, families: -1, order, names: [{ name, key: folded(name.replaceAll("-", " ")) }],
    category: `Wildcard, ${count} options`,
  }));
  return { tag: prepared, lora: loras, wildcard: wildcards, families: words.families };
}

/** What is being written at the caret: {kind, query, start}; null where nothing is to be completed. */
export function sought(text, caret, asked = false) {
  const line = text.slice(0, caret);
  const found = spans(text);
  if (within(found, caret, "comment") || (!asked && /[\w-]/.test(text[caret] ?? ""))) return null;
  const tag = TAG.exec(line);
  if (tag) {
    const query = tag[1] ?? "";
    return { kind: "lora", query, start: tag.index, end: lookAhead(text, caret) };
  }
  const piece = line.slice(Math.max(...[..."\n,{}()[]|:<>"].map((stop) => lastPlain(line, stop))) + 1);
  const marks = piece.split("__");
  if (marks.length % 2 === 0) {
    const query = marks.at(-1);
    if (!/^[\w/*-]*$/.test(query)) return null;
    const closing = text.slice(caret).startsWith("__") ? 2 : 0;
    return { kind: "wildcard", query, start: caret - query.length - 2, end: caret + closing };
  }
  const query = marks.at(-1).trimStart();
  if (!asked && query.length < (ASIAN.test(query) ? 1 : LEAST)) return null;
  return { kind: "tag", query, start: caret - query.length, end: caret };
}

/** The end of a tag that is being edited: "<lora:na|me:0.8>" is replaced as far as its name goes. */
function lookAhead(text, caret) {
  return caret + (/^[^<>:,\n]*(?=[:>])/.exec(text.slice(caret))?.[0].length ?? 0);
}

function lastPlain(text, stop) {
  let place = text.lastIndexOf(stop);
  while (place > 0 && text[place - 1] === "\\") place = text.lastIndexOf(stop, place - 1);
  return place;
}

/** The best entries for what is sought: [{entry, via, from, to}], `via` the alias that matched, `from`–`to` the
 * matching letters. */
export function matches({ kind, query }, words, family = null, limit = LIMIT) {
  const wanted = folded(query.replaceAll("\\", "")).trimEnd();
  const known = family === null ? -1 : 1 << words.families.indexOf(family);
  const ranked = words[kind].map((entry) => best(entry, wanted, near)).filter(Boolean);
  if (ranked.length < limit && wanted.length >= 4) {
    const there = new Set(ranked.map((hit) => hit.entry));
    ranked.push(...words[kind].filter((entry) => !there.has(entry)).map((entry) => best(entry, wanted, far)).filter(Boolean));
  }
  const strange = (hit) => (known === -1 || hit.entry.families & known ? 0 : 1);
  const key = (hit) => [hit.rank, strange(hit), hit.length, hit.entry.order];
  return ranked.sort((a, b) => compared(key(a), key(b))).slice(0, limit);
}

function compared(a, b) {
  const at = a.findIndex((value, place) => value !== b[place]);
  return at < 0 ? 0 : a[at] - b[at];
}

function best(entry, wanted, rank) {
  let found = null;
  entry.names.forEach(({ name, key }, place) => {
    const hit = rank(key, wanted, place > 0);
    if (hit && (!found || hit.rank < found.rank)) found = { ...hit, entry, via: place ? name : null, length: key.length };
  });
  return found;
}

/** 0: begins so; 1: a word in it does; 2, 3: likewise another name; 4: it stands somewhere. */
function near(key, wanted, other) {
  const from = key.indexOf(wanted);
  if (from < 0) return null;
  const to = from + wanted.length;
  if (from === 0) return { rank: other ? 2 : 0, from, to };
  const word = key.search(new RegExp(`(?<![\\p{L}\\p{N}])${wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "u"));
  if (word >= 0) return { rank: other ? 3 : 1, from: word, to: word + wanted.length };
  return { rank: 4, from, to };
}

/** A slip of the fingers: one for every four letters, at most two, and not in the first letter. */
function far(key, wanted) {
  if (key[0] !== wanted[0]) return null;
  const slips = distance(wanted, key);
  return slips <= Math.min(2, Math.floor(wanted.length / 4)) ? { rank: 5 + slips, from: 0, to: 0 } : null;
}

/** Letters to add, drop, change or swap until `wanted` is the beginning of `key`. */
export function distance(wanted, key) {
  const width = Math.min(key.length, wanted.length + 2);
  let [older, before] = [null, Array.from({ length: width + 1 }, (_, at) => at)];
  for (let row = 1; row <= wanted.length; row += 1) {
    const now = [row];
    for (let at = 1; at <= width; at += 1) {
      const changed = wanted[row - 1] === key[at - 1] ? 0 : 1;
      now[at] = Math.min(before[at] + 1, now[at - 1] + 1, before[at - 1] + changed);
      const swapped = row > 1 && at > 1 && wanted[row - 1] === key[at - 2] && wanted[row - 2] === key[at - 1];
      if (swapped) now[at] = Math.min(now[at], older[at - 2] + 1);
    }
    [older, before] = [before, now];
  }
  return Math.min(...before);
}

/** The text with `entry` in the place of what was sought, and where the caret is then. */
export function completed(text, { start, end }, entry) {
  const after = text.slice(end);
  const [words, gap] = inserted(text, start, after, entry);
  const head = text.slice(0, start) + words + gap;
  const rest = gap.endsWith(" ") ? after.replace(/^ +/, "") : after;
  return { text: head + rest, start: head.length, end: head.length };
}

function inserted(text, start, after, entry) {
  if (entry.kind === "lora") return /^[:>]/.test(after) ? [`<lora:${entry.text}`, ""] : [`<lora:${entry.text}:1>`, gapBefore(text, start, after)];
  const words = entry.kind === "wildcard" ? `__${entry.text}__` : escaped(entry.text);
  return [words, gapBefore(text, start, after)];
}

/** A comma, where the list goes on. Inside brackets it would end up in the weight or the choice. */
function gapBefore(text, start, after) {
  if (/^\s*[,)\]}|:>]/.test(after) || bracketed(spans(text.slice(0, start)), start)) return "";
  return /^ *\n/.test(after) ? "," : ", ";
}

/** Round brackets of a name are letters, unless the entry itself gives a weight. */
export function escaped(text) {
  if (/\([^()]*:\s*[\d.]+\s*\)/.test(text)) return text;
  return text.replace(/(?<!\\)[()[\]]/g, "\\$&");
}
