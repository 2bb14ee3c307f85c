// Elements by call: h("button", {class: "…", onclick}, children). Text is always text, never markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function button(icon, label, onclick, more = {}) {
  // The field keeps the keyboard and its selection when a button is pressed.
  const onpointerdown = (event) => event.preventDefault();
  return h(
    "button", { type: "button", title: label, "aria-label": label, onclick, onpointerdown, ...more },
    h("span", { class: "icon", "aria-hidden": "true" }, icon),
  );
}
