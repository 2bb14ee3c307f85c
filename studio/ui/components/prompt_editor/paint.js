// The colours behind the text: the same characters at the same places, as spans.

import { h } from "./dom.js";
import { matched, spans } from "./syntax.js";

const TOO_LONG = 20000;
const DEPTHS = 4;

/** Paint `text` into `place`. `marks` are where chunks end; `caret` is where brackets are matched, null for nowhere. */
export function paint(place, text, caret, marks) {
  const found = text.length > TOO_LONG ? [] : spans(text);
  const pair = caret === null ? [] : matched(found, caret);
  const content = [];
  let done = 0;
  let ends = [...marks];
  const put = (end, make) => {
    while (ends.length && ends[0] < end) {
      const at = Math.max(ends.shift(), done);
      if (at > done) content.push(make(text.slice(done, at)));
      content.push(h("i", { class: "end" }));
      done = at;
    }
    if (end > done) content.push(make(text.slice(done, end)));
    done = end;
  };
  found.forEach((span, number) => {
    put(span.start, (part) => part);
    put(span.end, (part) => h("span", { class: look(span, pair.includes(number)) }, part));
  });
  put(text.length, (part) => part);
  // A last empty line has no height without a character in it.
  place.replaceChildren(...content, "\u200b");
}

function look({ kind, depth, lone }, matching) {
  if (kind !== "bracket") return kind;
  return ["bracket", `depth${depth % DEPTHS}`, lone && "lone", matching && "pair"].filter(Boolean).join(" ");
}

/** The rectangle of the caret at `offset` of the painted text. */
export function rectangle(place, offset) {
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left <= node.length) {
      const range = document.createRange();
      range.setStart(node, left);
      range.setEnd(node, left);
      const [box] = range.getClientRects();
      return box ?? range.getBoundingClientRect();
    }
    left -= node.length;
  }
  return place.getBoundingClientRect();
}

/** Marks of the text `before`, carried over to `text`: those behind what has changed move with it. */
export function carried(marks, before, text) {
  if (before === text) return marks;
  const most = Math.min(before.length, text.length);
  let head = 0;
  while (head < most && before[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  const shift = text.length - before.length;
  return marks
    .filter((mark) => mark <= head || mark >= before.length - tail)
    .map((mark) => (mark <= head ? mark : mark + shift));
}
