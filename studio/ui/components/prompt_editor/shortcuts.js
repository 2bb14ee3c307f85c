// What belongs into the field and what the keyboard does there, behind a button.

import { button, h } from "./dom.js";

const KEYS = [
  ["Ctrl+Up, Ctrl+Down", "more or less weight for the selection, the brackets or the word at the caret"],
  ["Ctrl+Space", "what can be completed here; Enter or Tab takes it, Esc closes"],
  ["<", "the LoRAs at hand"],
  ["__", "the wildcards at hand"],
  ["Ctrl+Z, Ctrl+Y", "undo and redo, also what a recipe or a fix has put here"],
  ["Ctrl+Enter", "generate"],
];

export function shortcuts({ label, help }) {
  const rows = KEYS.map(([keys, does]) => h("tr", {}, h("th", { scope: "row" }, keys), h("td", {}, does)));
  const sheet = h(
    "dialog", { class: "shortcuts", "aria-label": `${label}: help`, onclick: (event) => event.target === sheet && sheet.close() },
    h("div", { class: "head" }, h("strong", {}, label), button("close", "Close", () => sheet.close())),
    help ? h("p", {}, help) : null,
    h("table", {}, h("tbody", {}, ...rows)),
  );
  return [button("help", `${label}: help and shortcuts`, () => sheet.showModal()), sheet];
}
