// The prompt editor: a real text field, its colours painted behind it, and the way to and from the studio.
//
// While somebody types, the field is the truth: its text travels to Python after a pause and at once when the field is
// left, and is never sent back. Only another `revision` replaces it, as a step that can be undone.

import { Chooser } from "./chooser.js";
import { button, h } from "./dom.js";
import { recalled, store } from "./history.js";
import { Leaving } from "./leaving.js";
import { Meter } from "./meter.js";
import { carried, paint } from "./paint.js";
import { shortcuts } from "./shortcuts.js";
import { nudged } from "./weights.js";

const PAUSE_MS = 450;
const RUNS = { insertText: "type", insertCompositionText: "type", deleteContentBackward: "erase", deleteContentForward: "erase" };
const editors = new WeakMap();

export function mount(component) {
  const host = component.parentElement.querySelector(".prompt-editor");
  const editor = editors.get(host) ?? new Editor(host, component);
  editors.set(host, editor);
  editor.receive(component);
  return () => editor.leave();
}

class Editor {
  constructor(host, component) {
    const { data } = component;
    Object.assign(this, { host, component, data, key: data.key, revision: data.revision, sent: data.seen, marks: [] });
    this.memory = recalled(data.key, data.text);
    this.chooser = new Chooser(this);
    this.meter = new Meter();
    this.build(data);
    this.resume(data);
    this.leaving = new Leaving(this);
    this.away = () => {
      this.flush();
      store(this.key);
    };
    this.moved = () => this.caretMoved();
    window.addEventListener("pagehide", this.away);
    document.addEventListener("visibilitychange", this.away);
    document.addEventListener("selectionchange", this.moved);
  }

  get history() {
    return this.memory.history;
  }

  build(data) {
    this.painted = h("div", { class: "painted", "aria-hidden": "true" });
    this.field = h("textarea", {
      id: "field", spellcheck: "true", autocapitalize: "off", autocomplete: "off", rows: "1",
      placeholder: data.placeholder, "aria-autocomplete": "list", "aria-haspopup": "listbox",
      "aria-controls": "completions", "aria-describedby": "count",
      oninput: (event) => this.typed(event), onkeydown: (event) => this.keyed(event), onblur: () => this.left(),
      onfocus: () => this.chooser.prepare(), onbeforeinput: (event) => this.stepped(event),
      oncompositionend: () => this.typed({ inputType: "insertCompositionText" }),
    });
    this.buttons = {
      weaker: button("remove", "Weaker (Ctrl+Down)", () => this.nudge(false)),
      stronger: button("add", "Stronger (Ctrl+Up)", () => this.nudge(true)),
      undo: button("undo", "Undo (Ctrl+Z)", () => this.step("undo")),
      redo: button("redo", "Redo (Ctrl+Y)", () => this.step("redo")),
    };
    this.label = h("label", { for: "field" }, data.label);
    this.sheet = h("div", { class: "sheet" }, this.painted, this.field);
    this.host.replaceChildren(
      h("div", { class: "head" }, this.label, h("span", { class: "tools" }, ...Object.values(this.buttons), ...shortcuts(data))),
      this.sheet, this.meter.place, this.chooser.list, this.chooser.said,
    );
  }

  /** Take up what this tab remembers: words that may not have arrived go again, if nobody has set others since. */
  resume(data) {
    const { base } = this.memory;
    const unsent = base !== null && base === data.text && this.history.text !== data.text;
    if (!unsent) this.history.push({ text: data.text, start: data.text.length, end: data.text.length });
    this.memory.base = null;
    this.put(this.history.now);
    if (unsent) this.later(0);
  }

  receive(component) {
    this.component = component;
    const { data } = component;
    const before = this.data;
    this.data = data;
    if (data.revision !== this.revision) this.adopt(data, before);
    if (data.seen >= this.sent && !this.timer) this.memory.base = null;
    if (data.placeholder !== before.placeholder) this.field.placeholder = data.placeholder;
    this.host.style.setProperty("--least-height", `${data.height}px`);
    this.refresh();
    if (!this.unsettled) this.leaving.settled();
  }

  /** Another text from the studio. A studio that was started anew knows less than the field; then the field goes on. */
  adopt(data) {
    const [session] = this.revision.split(".");
    const lost = data.revision.split(".")[0] !== session && this.unsettled && this.memory.base === data.text;
    this.revision = data.revision;
    if (lost) return this.later(0);
    clearTimeout(this.timer);
    this.timer = null;
    this.sent = data.seen;
    this.memory.base = null;
    this.history.push({ text: data.text, start: data.text.length, end: data.text.length });
    this.chooser.close();
    this.put(this.history.now);
  }

  /** Whether the studio may not have the newest text yet. */
  get unsettled() {
    return Boolean(this.timer) || this.data.seen < this.sent;
  }

  put({ text, start, end }) {
    if (this.field.value !== text) this.field.value = text;
    this.field.setSelectionRange(start, end);
  }

  /** The person has typed, pasted, dictated or dropped something. */
  typed({ inputType, isComposing, data }) {
    const { value: text, selectionStart: start, selectionEnd: end } = this.field;
    const changed = this.history.push({ text, start, end }, RUNS[inputType] ?? null);
    if (changed) this.later(PAUSE_MS);
    this.refresh();
    // A whole phrase at once was dictated or put in by a program: there is nothing to complete.
    if (isComposing || !RUNS[inputType] || /\S\s+\S/.test(data ?? "")) this.chooser.close();
    else this.chooser.look();
  }

  /** A change by a command: one step of the history, and the field goes on where the change ends. */
  change(state) {
    this.field.focus({ preventScroll: true });
    if (this.history.push(state)) this.later(PAUSE_MS);
    this.put(state);
    this.refresh();
    this.field.dispatchEvent(new Event("select"));
  }

  nudge(up) {
    const { value, selectionStart, selectionEnd } = this.field;
    const after = nudged(value, selectionStart, selectionEnd, up);
    this.chooser.close();
    if (after) this.change(after);
  }

  step(way) {
    this.chooser.close();
    if (!this.history[way]()) return;
    this.put(this.history.now);
    this.later(PAUSE_MS);
    this.refresh();
  }

  /** The browser's own undo, from its menus. */
  stepped(event) {
    const way = { historyUndo: "undo", historyRedo: "redo" }[event.inputType];
    if (!way) return;
    event.preventDefault();
    this.step(way);
  }

  keyed(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (command && !event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) this.nudge(event.key === "ArrowUp");
    else if (command && letter === "z") this.step(event.shiftKey ? "redo" : "undo");
    else if (command && letter === "y") this.step("redo");
    else if (command && event.key === " ") this.chooser.look(true);
    else if (command && event.key === "Enter") return this.left(); // on its way up it starts the picture
    else if (command || event.altKey || event.shiftKey || !this.chooser.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  caretMoved() {
    const { activeElement } = this.field.getRootNode();
    if (activeElement !== this.field) return;
    const { value, selectionStart: start, selectionEnd: end } = this.field;
    if (value !== this.history.text) return; // the change itself is being told
    const { start: from, end: to } = this.history.now;
    if (start === from && end === to) return;
    this.history.place(start, end);
    this.chooser.close();
    this.refresh();
  }

  left() {
    this.chooser.close();
    this.flush();
    this.refresh();
  }

  later(pause) {
    this.memory.base ??= this.data.text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  flush() {
    if (this.timer) this.send();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = null;
    this.sent = Math.max(this.data.seen + 1, this.sent + 1, Date.now());
    this.component.setStateValue("edit", { n: this.sent, revision: this.revision, text: this.history.text });
  }

  refresh() {
    const { text } = this.history;
    const current = text === this.data.text;
    this.marks = current ? this.data.measure?.ends ?? [] : carried(this.marks, this.markedText ?? this.data.text, text);
    this.markedText = text;
    const focused = this.field.getRootNode().activeElement === this.field;
    const caret = focused && this.field.selectionStart === this.field.selectionEnd ? this.field.selectionStart : null;
    paint(this.painted, text, caret, this.marks);
    this.meter.show(this.data.measure, current && !this.unsettled);
    this.host.dataset.state = this.unsettled ? "sending" : "settled";
    this.buttons.undo.disabled = !this.history.past.length;
    this.buttons.redo.disabled = !this.history.future.length;
  }

  leave() {
    this.flush();
    this.chooser.close();
    this.leaving.end();
    store(this.key);
    window.removeEventListener("pagehide", this.away);
    document.removeEventListener("visibilitychange", this.away);
    document.removeEventListener("selectionchange", this.moved);
  }
}
