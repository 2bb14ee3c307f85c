// Undo and redo. Every change counts, also one that comes from the studio (a recipe, the prompt history, a fix); a run
// of typing is one step. Kept over a change of page and a reload of this tab.

const STEPS = 200;
const PAUSE_MS = 800;

export class History {
  constructor(text) {
    this.now = { text, start: text.length, end: text.length };
    this.past = [];
    this.future = [];
    this.run = null;
  }

  get text() {
    return this.now.text;
  }

  /** Take `state` ({text, start, end}) as the newest; `kind` names typing that may join the step before it. */
  push(state, kind = null) {
    if (state.text === this.now.text) {
      this.now = state;
      return false;
    }
    const time = performance.now();
    const joins = kind && this.run?.kind === kind && time - this.run.at < PAUSE_MS;
    if (!joins) this.past = [...this.past, this.now].slice(-STEPS);
    this.run = kind ? { kind, at: time } : null;
    this.future = [];
    this.now = state;
    return true;
  }

  /** Where the caret is by now; an undo comes back to it. */
  place(start, end) {
    if (start !== this.now.start || end !== this.now.end) this.run = null;
    this.now = { ...this.now, start, end };
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.now = from.pop();
    this.run = null;
    return true;
  }
}

const kept = new Map();
const slot = (key) => `prompt-editor.${key}`;

/** What this tab knows of the editor from before: its history, and the `base` on which words were typed that the
 * studio may not have received. */
export function recalled(key, text) {
  const before = kept.get(key) ?? stored(key);
  const memory = { history: before?.history ?? new History(text), base: before?.base ?? null };
  kept.set(key, memory);
  return memory;
}

function stored(key) {
  try {
    const found = JSON.parse(sessionStorage.getItem(slot(key)));
    if (![found?.past, found?.future].every(Array.isArray) || typeof found.now?.text !== "string") return null;
    const history = Object.assign(new History(found.now.text), { now: found.now, past: found.past, future: found.future });
    return { history, base: typeof found.base === "string" ? found.base : null };
  } catch {
    return null;
  }
}

/** Before the tab reloads. Without room for the past, what was typed last is still tried. */
export function store(key) {
  const memory = kept.get(key);
  if (!memory) return;
  const { now, past, future } = memory.history;
  for (const saved of [{ now, past, future, base: memory.base }, { now, past: [], future: [], base: memory.base }]) {
    try {
      sessionStorage.setItem(slot(key), JSON.stringify(saved));
      return;
    } catch {
      sessionStorage.removeItem(slot(key));
    }
  }
}
