// Elements by call: h("button", {class: "…", onclick}, children). Text is always text, never markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  assign(element, attributes);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function assign(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
}

export const icon = (name) => h("span", { class: "icon", "aria-hidden": "true" }, name);

/** A button with an icon; its label is read aloud and shown as a tip, and as text where `text` is true. */
export function button(id, name, label, onclick, { text = false, pressed, disabled, tip } = {}) {
  return h(
    "button",
    {
      type: "button", class: text ? "wide" : "square", "data-id": id, title: tip ?? label, "aria-label": label,
      "aria-pressed": pressed === undefined ? undefined : String(pressed), disabled, onclick,
    },
    icon(name),
    text ? h("span", {}, label) : null,
  );
}

export function number(id, label, value, onchange, limits = {}) {
  const input = h("input", { type: "number", "data-id": id, "aria-label": label, inputmode: "decimal", ...limits });
  input.value = String(value);
  input.onchange = () => {
    const typed = Number(input.value);
    if (input.value.trim() && Number.isFinite(typed)) onchange(typed);
    else input.value = String(value);
  };
  return h("label", { class: "number" }, h("span", {}, label), input);
}

/** A share, to be slid or typed in percent. */
export function slider(id, label, value, [low, high, step], oninput) {
  const range = h("input", { type: "range", "data-id": id, "aria-label": label, min: low, max: high, step });
  const typed = h("input", {
    type: "number", "data-id": `${id}-typed`, "aria-label": `${label} in percent`, min: low * 100, max: high * 100,
  });
  const show = (share) => {
    range.value = String(share);
    typed.value = String(Math.round(share * 100));
  };
  show(value);
  range.oninput = () => {
    show(Number(range.value));
    oninput(Number(range.value));
  };
  typed.onchange = () => {
    const share = Number(typed.value) / 100;
    const valid = typed.value.trim() && Number.isFinite(share);
    show(valid ? Math.min(Math.max(share, low), high) : Number(range.value));
    oninput(Number(range.value));
  };
  return h("div", { class: "slider" }, h("span", {}, `${label}, %`, typed), range);
}

/** New content for `place`, with the keyboard's focus where it was. */
export function refill(place, ...content) {
  const focused = place.getRootNode().activeElement?.dataset?.id;
  place.replaceChildren(...content.flat().filter(Boolean));
  if (focused) place.querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
}

const SVG = "http://www.w3.org/2000/svg";

/** Lines through points of any unit, as a small picture. `lines` are lists of [x, y], y down. */
export function sketch(lines, dots = []) {
  const all = [...lines.flat(), ...dots];
  const [xs, ys] = [all.map((point) => point[0]), all.map((point) => point[1])];
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const side = Math.max(right - left, bottom - top) || 1;
  const inside = (value, middle) => ((value - middle) / side + 0.5) * 32 + 2;
  const place = ([x, y]) => `${inside(x, (left + right) / 2)},${inside(y, (top + bottom) / 2)}`;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 36 36");
  svg.setAttribute("aria-hidden", "true");
  for (const points of lines) {
    const path = document.createElementNS(SVG, "polyline");
    path.setAttribute("points", points.map(place).join(" "));
    svg.append(path);
  }
  for (const point of dots) {
    const [x, y] = place(point).split(",");
    const dot = document.createElementNS(SVG, "circle");
    for (const [name, value] of Object.entries({ cx: x, cy: y, r: 1.4 })) dot.setAttribute(name, value);
    svg.append(dot);
  }
  return svg;
}
