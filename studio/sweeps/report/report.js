"use strict";
const sweep = JSON.parse(document.getElementById("sweep").textContent);
const state = {
  across: sweep.layout.across,
  down: sweep.layout.down,
  hidden: sweep.lines.map((_, line) => new Set(sweep.layout.hidden[line] || [])),
};
const byPlace = new Map(sweep.cells.map((cell, number) => [cell.place.join(), number]));
const addresses = new Map();
const $ = (id) => document.getElementById(id);

function make(tag, text, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

function address(number) {
  const source = $(`picture-${number}`);
  if (source && !addresses.has(number)) {
    const bytes = Uint8Array.from(atob(source.textContent), (sign) => sign.charCodeAt(0));
    addresses.set(number, URL.createObjectURL(new Blob([bytes], { type: "image/webp" })));
  }
  return addresses.get(number);
}

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((entry) => entry.isIntersecting)) {
    entry.target.src = address(Number(entry.target.dataset.cell));
    watcher.unobserve(entry.target);
  }
}, { rootMargin: "400px" });

const shown = (line) => sweep.lines[line].headers.map((_, place) => place).filter((place) => !state.hidden[line].has(place));

function described(number) {
  const { place } = sweep.cells[number];
  return sweep.lines.map((line, at) => `${line.label} ${line.headers[place[at]]}`).join(", ");
}

function cell(place) {
  const number = byPlace.get(place.join());
  const box = make("td");
  if (number === undefined) return make("td", "", Object.assign(make("div", "skipped"), { className: "empty" }));
  if (!$(`picture-${number}`)) {
    box.append(Object.assign(make("div", sweep.cells[number].record.state), { className: "empty" }));
    return box;
  }
  const image = Object.assign(make("img"), { alt: described(number), loading: "lazy" });
  image.dataset.cell = number;
  watcher.observe(image);
  const button = make("button", "", image);
  button.type = "button";
  button.addEventListener("click", () => open(number));
  box.append(button);
  return box;
}

function combinations(lines) {
  return lines.reduce((all, line) => all.flatMap((sofar) => shown(line).map((place) => ({ ...sofar, [line]: place }))), [{}]);
}

function table(fixed) {
  const columns = shown(state.across), rows = state.down === null ? [null] : shown(state.down);
  const at = (row, column) => sweep.lines.map((_, line) =>
    line === state.across ? column : line === state.down ? row : fixed[line]);
  const head = make("tr", "", make("th"), ...columns.map((place) => make("th", sweep.lines[state.across].headers[place])));
  const body = rows.map((row) => make("tr", "", make("th", row === null ? "" : sweep.lines[state.down].headers[row]),
    ...columns.map((column) => cell(at(row, column)))));
  const scroll = make("div", "", make("table", "", make("thead", "", head), make("tbody", "", ...body)));
  scroll.className = "scroll";
  return scroll;
}

function draw() {
  const rest = sweep.lines.map((_, line) => line).filter((line) => line !== state.across && line !== state.down);
  const pages = combinations(rest).flatMap((fixed) => {
    const title = rest.map((line) => `${sweep.lines[line].label} ${sweep.lines[line].headers[fixed[line]]}`).join(", ");
    return title ? [make("h2", title), table(fixed)] : [table(fixed)];
  });
  $("sheets").replaceChildren(...pages);
  $("across").value = state.across;
  $("down").value = state.down === null ? "" : state.down;
  const done = sweep.cells.filter((cell) => cell.record.state === "done").length;
  $("count").textContent = `${done} of ${sweep.cells.length} cells`;
}

function open(number) {
  const { record, request } = sweep.cells[number];
  const image = Object.assign(make("img"), { src: address(number), alt: described(number) });
  const list = make("dl");
  for (const [name, value] of [...Object.entries(record), ...Object.entries(request)]) {
    if (value === null || name === "controls") continue;
    list.append(make("dt", name), make("dd", typeof value === "object" ? JSON.stringify(value) : String(value)));
  }
  $("detail").replaceChildren(image, list);
  $("large").showModal();
}

function prepare() {
  document.querySelector("h1").textContent = sweep.title;
  sweep.lines.forEach((line, number) => {
    $("across").append(Object.assign(make("option", line.label), { value: number }));
    $("down").append(Object.assign(make("option", line.label), { value: number }));
    const boxes = line.headers.map((header, place) => {
      const box = Object.assign(make("input"), { type: "checkbox", checked: !state.hidden[number].has(place) });
      box.addEventListener("change", () => {
        state.hidden[number][box.checked ? "delete" : "add"](place);
        draw();
      });
      return make("label", "", box, header);
    });
    $("values").append(make("strong", line.label), ...boxes);
  });
  $("down").append(Object.assign(make("option", "nothing"), { value: "" }));
  $("across").addEventListener("change", () => {
    const before = state.across;
    state.across = Number($("across").value);
    if (state.down === state.across) state.down = before;
    draw();
  });
  $("down").addEventListener("change", () => {
    const before = state.down, wanted = $("down").value === "" ? null : Number($("down").value);
    if (wanted === state.across && before !== null) state.across = before;
    if (wanted !== state.across) state.down = wanted;
    draw();
  });
  $("swap").addEventListener("click", () => {
    if (state.down !== null) [state.across, state.down] = [state.down, state.across];
    draw();
  });
  $("zoom").addEventListener("input", () => document.body.style.setProperty("--side", `${$("zoom").value}px`));
  $("close").addEventListener("click", () => $("large").close());
  document.body.style.setProperty("--side", `${$("zoom").value}px`);
}

prepare();
draw();
