// Ctrl+Up and Ctrl+Down: the weight of the selection, of the brackets around the caret, or of the word at it.
//
// The rules are those that A1111's users have in their fingers: a step is 0.1 (0.05 in a tag like <lora:name:1>); weight 1
// takes the brackets away; old-style ((word)) becomes (word:1.2) first. Other than there an escaped bracket is a letter.

export const STEP = 0.1;
export const TAG_STEP = 0.05;

const ENDS_WORD = /[\s.,\\/!?%^*;:{}=`~()[\]<>|]/;

/** The text after a nudge `up` or down, and what is selected then; null where there is nothing to weigh. */
export function nudged(text, start, end, up) {
  const way = up ? 1 : -1;
  if (start === end) {
    const tag = tagAround(text, start);
    if (tag) return inTag(text, tag, way, [start, end]);
  }
  const marked = start === end ? null : trimmed(text, start, end);
  const block = marked ? blockOf(text, ...marked) : blockAround(text, start);
  if (block) return inBlock(text, block, way);
  const [from, to] = marked ?? wordAt(text, start);
  if (from === to) return null;
  return weighed(text, { from, to, left: from, right: to }, 1 + way * STEP);
}

function inBlock(text, block, way) {
  const weight = block.weight ?? Math.round(block.plain * 10) / 10;
  return weighed(text, block, weight + way * STEP);
}

/** Write `weight` for what stands from `from` to `to`; `left` and `right` are where its brackets begin and end. */
function weighed(text, { from, to, left, right }, weight) {
  const words = text.slice(from, to);
  const value = written(weight);
  if (value === "1.0") {
    return { text: text.slice(0, left) + words + text.slice(right), start: left, end: left + words.length };
  }
  const whole = `(${words}:${value})`;
  return { text: text.slice(0, left) + whole + text.slice(right), start: left + 1, end: left + 1 + words.length };
}

function inTag(text, { from, to }, way, [start, end]) {
  const weight = Number.parseFloat(text.slice(from, to));
  if (!Number.isFinite(weight)) return null;
  const value = written(weight + way * TAG_STEP);
  const place = Math.min(start, from + value.length);
  return { text: text.slice(0, from) + value + text.slice(to), start: place, end: Math.min(end, place) };
}

/** Twelve digits hide what binary fractions add; a whole number keeps its decimal point. */
function written(weight) {
  const value = Number.parseFloat(weight.toPrecision(12));
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Where the last number of the tag around the caret stands. */
function tagAround(text, caret) {
  const open = text.lastIndexOf("<", caret - 1);
  const close = text.indexOf(">", caret);
  if (open < 0 || close < 0) return null;
  const inner = text.slice(open + 1, close);
  if (/[<>\n]/.test(inner) || !/^[a-z]+:[^:]+:.+/i.test(inner)) return null;
  return { from: open + 1 + inner.lastIndexOf(":") + 1, to: close };
}

/** The innermost brackets around the caret, if nothing but words and a weight is in them. */
function blockAround(text, caret) {
  const open = backwards(text, caret);
  if (open < 0) return null;
  const close = forwards(text, caret);
  if (close < 0 || (text[open] === "(" ? ")" : "]") !== text[close]) return null;
  const inner = text.slice(open + 1, close);
  const weight = /:\s*([+-]?[\d.]+)\s*$/.exec(inner);
  if (text[open] === "[" && /[:|]/.test(inner)) return null; // a schedule has no weight
  const to = weight ? open + 1 + weight.index : close;
  return blockOf(text, open + 1, to);
}

/** The brackets close around what stands from `from` to `to`. */
function blockOf(text, from, to) {
  const open = text[from - 1];
  if (!text.slice(from, to).trim() || (open !== "(" && open !== "[") || escaped(text, from - 1)) return null;
  const weight = /^:\s*([+-]?[\d.]+)\s*\)/.exec(text.slice(to));
  if (open === "(" && weight && Number.isFinite(Number(weight[1]))) {
    return { from, to, left: from - 1, right: to + weight[0].length, weight: Number(weight[1]) };
  }
  const close = open === "(" ? ")" : "]";
  let count = 0;
  while (text[from - 1 - count] === open && !escaped(text, from - 1 - count) && text[to + count] === close) count += 1;
  if (!count) return null;
  return { from, to, left: from - count, right: to + count, plain: (open === "(" ? 1.1 : 1 / 1.1) ** count };
}

function backwards(text, caret) {
  for (let place = caret - 1; place >= 0; place -= 1) {
    if (!/[()[\]]/.test(text[place]) || escaped(text, place)) continue;
    return /[([]/.test(text[place]) ? place : -1;
  }
  return -1;
}

function forwards(text, caret) {
  for (let place = caret; place < text.length; place += 1) {
    if (!/[()[\]]/.test(text[place]) || escaped(text, place)) continue;
    return /[)\]]/.test(text[place]) ? place : -1;
  }
  return -1;
}

function escaped(text, place) {
  let count = 0;
  while (text[place - 1 - count] === "\\") count += 1;
  return count % 2 === 1;
}

function wordAt(text, caret) {
  let [start, end] = [caret, caret];
  while (start > 0 && !ENDS_WORD.test(text[start - 1])) start -= 1;
  while (end < text.length && !ENDS_WORD.test(text[end])) end += 1;
  return [start, end];
}

function trimmed(text, start, end) {
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  return [start, end];
}
