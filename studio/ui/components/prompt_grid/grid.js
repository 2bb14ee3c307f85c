// A grid of prompts. Cards are drawn again only when others are sent; stars, marks and progress change in place.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  star: "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8z",
  edit: "M4.5 19.5l.9-4L16 4.9a1.5 1.5 0 0 1 2.1 0l1 1a1.5 1.5 0 0 1 0 2.1L8.5 18.6z",
  try: "M14.5 4.5l5 5L9 20l-5.5.5L4 15zM12 7l5 5",
  again: "M19 8a7.5 7.5 0 1 0 .5 6M19.5 4v4.5H15",
  none: "M6 12h12",
};

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", ICONS[name]);
  svg.append(shape);
  return svg;
}

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function button(kind, label, ...content) {
  const made = element("button", kind);
  made.type = "button";
  made.dataset.act = kind;
  if (label) made.setAttribute("aria-label", label);
  made.append(...content);
  return made;
}

// What of a card never changes in place.
const fixed = ({ key, title, text, where, about, remark, verb, own }) => [key, title, text, where, about, remark, verb, own];

function drawn(card) {
  const box = element("div", "card");
  box.dataset.key = card.key;
  if (card.remark) box.dataset.strange = "";
  const pick = button("pick", "");
  if (card.about) pick.title = card.about;
  pick.append(element("span", "title", card.title));
  for (const part of ["text", "where", "remark"]) if (card[part]) pick.append(element("span", part, card[part]));
  const side = element("div", "side");
  side.append(button("star", `Favourite: ${card.title}`, icon("star")));
  if (card.own) side.append(button("edit", `Change or delete: ${card.title}`, icon("edit")));
  box.append(element("div", "view"), pick, side);
  return box;
}

function pictured(card) {
  const image = element("img", "");
  image.loading = "lazy";
  image.alt = "";
  image.onerror = () => image.classList.add("broken");
  image.src = card.picture;
  return button("open", `Open the picture of ${card.title}`, image);
}

function running(card) {
  const bar = element("div", "bar");
  bar.append(element("i", ""));
  return button("cancel", `Cancel the picture of ${card.title}`, element("span", "words"), bar, element("span", "", "Cancel"));
}

function unseen(card) {
  if (!card.can_try) {
    const none = element("div", "none");
    none.append(icon("none"));
    return none;
  }
  const failed = card.state === "failed";
  const made = button("try", `${failed ? "Try again" : "Try"}: ${card.title}`, icon(failed ? "again" : "try"));
  made.append(element("span", "", failed ? "Failed. Try again" : "Try it"));
  made.title = failed ? card.trying : "Draws a small picture with your checkpoint";
  return made;
}

function update(box, card) {
  const busy = card.state === "waiting" || card.state === "running";
  const kind = card.picture ?? (busy ? "busy" : `${card.state}${card.can_try}`);
  const view = box.querySelector(".view");
  if (view.dataset.kind !== kind) {
    const held = view.contains(box.getRootNode().activeElement);
    view.dataset.kind = kind;
    view.replaceChildren(card.picture ? pictured(card) : busy ? running(card) : unseen(card));
    if (held) view.querySelector("button")?.focus({ preventScroll: true });
  }
  if (busy && !card.picture) {
    view.querySelector(".words").textContent = card.trying;
    view.querySelector("i").style.width = `${Math.round(100 * card.fraction)}%`;
  }
  box.toggleAttribute("data-taken", card.taken);
  const verb = card.taken ? "Take out" : card.verb;
  box.querySelector(".pick").setAttribute("aria-label", `${verb}: ${card.title}`);
  box.querySelector(".star").setAttribute("aria-pressed", String(card.favourite));
}

function moved(grid, from, key) {
  const cards = [...grid.children];
  const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -cards.length, End: cards.length }[key];
  if (!step) return false;
  const place = Math.max(0, Math.min(cards.length - 1, cards.indexOf(from) + step));
  const next = cards[place].querySelector(".pick");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const grid = parentElement.querySelector(".cards");

  const sent = JSON.stringify(data.cards.map(fixed));
  if (grid.dataset.sent !== sent) {
    grid.dataset.sent = sent;
    grid.replaceChildren(...data.cards.map(drawn));
  }
  // What was done since this run began is shown already.
  grid.acts = (grid.acts ?? []).filter((act) => act.n > data.done);
  const stars = new Map(grid.acts.filter((act) => act.do.endsWith("star")).map((act) => [act.card, act.do === "star"]));
  data.cards.forEach((card, place) => {
    update(grid.children[place], { ...card, favourite: stars.get(card.key) ?? card.favourite });
  });

  const act = (kind, card) => {
    const last = grid.acts.length ? grid.acts[grid.acts.length - 1].n : data.done;
    grid.acts = [...grid.acts, { n: Math.max(last + 1, Date.now()), do: kind, card }];
    setStateValue("acts", grid.acts);
  };

  grid.onclick = (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    const card = pressed.closest(".card").dataset.key;
    if (pressed.dataset.act !== "star") return act(pressed.dataset.act, card);
    const on = pressed.getAttribute("aria-pressed") !== "true";
    pressed.setAttribute("aria-pressed", String(on));
    act(on ? "star" : "unstar", card);
  };
  grid.onkeydown = (event) => {
    const card = event.target.closest(".card");
    if (card && !event.ctrlKey && !event.metaKey && !event.altKey && moved(grid, card, event.key)) event.preventDefault();
  };
}
