// The token meter: one bar for each chunk of 75 tokens, filled as far as it is used, and the count in words.

import { h } from "./dom.js";

const CHUNK = 75;
const MOST_BARS = 8;
const MOST_NAMED = 4;

export class Meter {
  constructor() {
    this.bars = h("span", { class: "bars", "aria-hidden": "true" });
    this.count = h("span", { class: "count", id: "count" });
    this.place = h("div", { class: "meter" }, this.bars, this.count);
    this.shown = null;
  }

  /** `current`: the measure is of the text in the field; else it is on its way and the last one stays, dimmed. */
  show(measure, current) {
    this.place.dataset.state = current ? "current" : "old";
    const wanted = JSON.stringify(measure);
    if (wanted === this.shown) return;
    this.shown = wanted;
    const sizes = measure?.sizes ?? [];
    this.count.textContent = inWords(measure);
    this.count.classList.toggle("problem", Boolean(measure?.problem));
    this.bars.replaceChildren(...sizes.slice(0, MOST_BARS).map((size) => bar(size)));
  }
}

function bar(size) {
  const fill = h("i");
  fill.style.width = `${Math.min(100, (100 * size) / CHUNK)}%`;
  return h("b", {}, fill);
}

function inWords(measure) {
  if (!measure) return "";
  if (measure.problem) return measure.problem;
  if (measure.about !== null) return `about ${measure.about} tokens`;
  const { sizes } = measure;
  if (sizes.length === 1) return `${sizes[0]} of ${CHUNK} tokens`;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return `${sizes.length > MOST_NAMED ? total : sizes.join(" + ")} tokens in ${sizes.length} chunks of ${CHUNK}`;
}
