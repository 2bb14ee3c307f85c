// The list of completions under the caret. The keyboard stays in the field; the list is what it points at.

import { completed, index, matches, sought } from "./completing.js";
import { h } from "./dom.js";
import { rectangle } from "./paint.js";

const loaded = new Map();

/** The words behind `url`, fetched once for all editors; null where they cannot be had now. */
async function words(url) {
  if (!loaded.has(url)) {
    const answer = fetch(new URL(url, window.location.origin)).then((found) => (found.ok ? found.json() : null));
    loaded.set(url, answer.then((found) => found && index(found)).catch(() => null));
  }
  const found = await loaded.get(url);
  if (!found) loaded.delete(url);
  return found;
}

export class Chooser {
  constructor(editor) {
    this.editor = editor;
    this.list = h("ul", { id: "completions", role: "listbox", "aria-label": "Completions", popover: "manual" });
    this.said = h("span", { class: "said", "aria-live": "polite" });
    this.hits = [];
    this.chosen = 0;
    this.asked = 0;
    this.follow = () => this.put();
  }

  get open() {
    return this.hits.length > 0;
  }

  /** Fetch the words before they are needed. */
  prepare() {
    const { completions_url: url } = this.editor.data;
    if (url) words(url);
  }

  /** Look for what is being written; `asked`: even where little or nothing has been. */
  async look(asked = false) {
    const { completions_url: url, family } = this.editor.data;
    const turn = (this.asked += 1);
    const known = url && (await words(url));
    if (turn !== this.asked) return;
    const { value, selectionStart: caret, selectionEnd } = this.editor.field;
    const found = known && caret === selectionEnd ? sought(value, caret, asked) : null;
    this.target = found;
    this.show(found ? matches(found, known, family) : [], known?.families.indexOf(family) ?? -1);
  }

  show(hits, family) {
    if (!hits.length) return this.close();
    this.hits = hits;
    this.list.replaceChildren(...hits.map((hit, place) => this.option(hit, place, family)));
    if (!this.list.matches(":popover-open")) {
      this.list.showPopover();
      window.addEventListener("scroll", this.follow, true);
      window.addEventListener("resize", this.follow);
    }
    this.editor.field.setAttribute("role", "combobox");
    this.editor.field.setAttribute("aria-expanded", "true");
    this.said.textContent = hits.length === 1 ? "1 completion" : `${hits.length} completions`;
    this.choose(0);
    this.put();
  }

  option({ entry, via, from, to }, place, family) {
    const name = via ?? entry.text;
    const strange = family >= 0 && !(entry.families & (1 << family));
    const letters = [name.slice(0, from), h("mark", {}, name.slice(from, to)), name.slice(to)];
    return h(
      "li",
      {
        role: "option", id: `completion${place}`, onpointerdown: (event) => event.preventDefault(),
        onclick: () => this.accept(place),
      },
      h("span", { class: "words" }, ...(via ? [entry.text, h("small", {}, " ← ", ...letters)] : letters)),
      h("span", { class: "about" }, strange ? h("em", {}, `not known to ${this.editor.data.family_label}`) : null,
        h("span", {}, entry.category)),
    );
  }

  choose(place) {
    this.chosen = (place + this.hits.length) % this.hits.length;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.chosen)));
    this.list.children[this.chosen].scrollIntoView({ block: "nearest" });
    this.editor.field.setAttribute("aria-activedescendant", `completion${this.chosen}`);
  }

  /** Below the caret where there is room, else above; never beyond the editor's sides. */
  put() {
    if (!this.open) return;
    const { field, painted } = this.editor;
    const caret = rectangle(painted, this.target.start);
    const sheet = field.parentElement.getBoundingClientRect();
    if (caret.bottom < sheet.top || caret.top > sheet.bottom) return this.close();
    const { style } = this.list;
    style.maxWidth = `${sheet.width}px`;
    const { offsetWidth: width, offsetHeight: height } = this.list;
    style.left = `${Math.max(sheet.left, Math.min(caret.left, sheet.right - width))}px`;
    // A phone's keyboard covers the lower part of the window.
    const { offsetTop, height: seen } = window.visualViewport;
    const [below, above] = [caret.bottom + 4, caret.top - height - 4];
    style.top = `${below + height > offsetTop + seen && above > offsetTop ? above : below}px`;
  }

  close() {
    this.asked += 1;
    if (!this.open) return false;
    this.hits = [];
    this.said.textContent = "";
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    window.removeEventListener("scroll", this.follow, true);
    window.removeEventListener("resize", this.follow);
    for (const name of ["role", "aria-expanded", "aria-activedescendant"]) this.editor.field.removeAttribute(name);
    return true;
  }

  accept(place = this.chosen) {
    const { entry } = this.hits[place];
    const after = completed(this.editor.field.value, this.target, entry);
    this.close();
    this.editor.change(after);
  }

  /** Whether the key was meant for the list. */
  key({ key }) {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[key];
    if (!this.open) return false;
    if (move) this.choose(Math.abs(move) === 1 ? this.chosen + move : Math.max(0, Math.min(this.hits.length - 1, this.chosen + move)));
    else if (key === "Enter" || key === "Tab") this.accept();
    else if (key === "Escape") this.close();
    else return false;
    return true;
  }
}
