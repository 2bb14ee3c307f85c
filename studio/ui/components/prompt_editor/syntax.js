// What each part of a prompt is, for colours and brackets. It never fails: what means nothing is plain text.
//
// Spans are {start, end, kind, depth, pair, lone}; text between them is plain. `pair` is the index of a bracket's other
// half, `lone` a bracket without one.

const CLOSERS = { "(": ")", "[": "]", "{": "}" };
const OPENERS = { ")": "(", "]": "[", "}": "{" };
const RULES = [
  ["escape", /\\[()[\]\\#{}|]/y],
  ["comment", /#[^\n]*/y],
  ["lora", /<[a-z]+:[^<>\n]*>/iy],
  ["wildcard", /__(?:[\w/*-]*?[a-z\d*])__(?!_)/iy],
  ["keyword", /\b(?:BREAK|AND)\b/y],
  ["variable", /\$\{[^{}\n]*\}/y],
];
const WEIGHT = /:\s*[+-]?[.\d]+\s*(?=\))/y;
const WHEN = /:\s*[+-]?[.\d]+\s*(?=\])/y;
const CHOICE_HEAD = /\s*(?:\d+(?:-\d*)?|-\d+)?\$\$(?:[^{}|$]{0,8}\$\$)?/y;
const SHARE = /\s*\d*\.?\d+::/y;

export function spans(text) {
  const found = [];
  const open = [];
  const add = (kind, start, end, more = {}) => found.push({ kind, start, end, depth: open.length, ...more });
  const at = (rule, place) => ((rule.lastIndex = place), rule.exec(text)?.[0]);
  let place = 0;

  const opened = () => open.at(-1)?.bracket;
  const choice = () => {
    const head = at(CHOICE_HEAD, place) ?? at(SHARE, place);
    if (head) add("choice", place, (place += head.length));
  };

  scan: while (place < text.length) {
    for (const [kind, rule] of RULES) {
      const hit = at(rule, place);
      if (!hit) continue;
      add(kind, place, (place += hit.length));
      continue scan;
    }
    const character = text[place];
    if (CLOSERS[character]) {
      add("bracket", place, place + 1, { opens: true, lone: true });
      open.push({ bracket: character, index: found.length - 1 });
      place += 1;
      if (character === "{") choice();
    } else if (OPENERS[character]) {
      close(character);
    } else if (character === "|" && (opened() === "{" || opened() === "[")) {
      add(opened() === "{" ? "choice" : "schedule", place, (place += 1));
      if (opened() === "{") choice();
    } else if (character === ":" && opened() === "(" && at(WEIGHT, place)) {
      add("weight", place, (place += at(WEIGHT, place).length));
    } else if (character === ":" && opened() === "[") {
      add("schedule", place, (place += (at(WHEN, place) ?? ":").length));
    } else {
      place += 1;
    }
  }
  return found;

  function close(character) {
    // The kinds of brackets do not have to nest in each other; each closes the nearest open one of its own kind.
    const last = open.findLastIndex((entry) => entry.bracket === OPENERS[character]);
    if (last < 0) {
      add("bracket", place, (place += 1), { opens: false, lone: true });
      return;
    }
    const [{ index }] = open.splice(last, 1);
    found[index].lone = false;
    found[index].pair = found.length;
    add("bracket", place, (place += 1), { opens: false, lone: false, pair: index, depth: found[index].depth });
  }
}

/** The two brackets of which one stands beside the caret, as indices of spans; empty where there are none. */
export function matched(found, caret) {
  const beside = found.findIndex(
    (span) => span.kind === "bracket" && !span.lone && (span.end === caret || span.start === caret),
  );
  return beside < 0 ? [] : [beside, found[beside].pair];
}

/** Whether `place` lies inside brackets that are open there. */
export function bracketed(found, place) {
  let depth = 0;
  for (const span of found) {
    if (span.start >= place) break;
    if (span.kind !== "bracket") continue;
    if (span.opens) depth += 1;
    else if (!span.lone) depth -= 1;
  }
  return depth > 0;
}

/** Whether `place` lies inside a span of this kind. */
export function within(found, place, kind) {
  return found.some((span) => span.kind === kind && span.start < place && place <= span.end);
}
