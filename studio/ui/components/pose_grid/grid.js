// A grid of poses. Cards are drawn again only when others are sent; a star shows at once what it will be.

const SVG = "http://www.w3.org/2000/svg";
const STAR = "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8z";
const PEN = "M4.5 19.5l.9-4L16 4.9a1.5 1.5 0 0 1 2.1 0l1 1a1.5 1.5 0 0 1 0 2.1L8.5 18.6z";

function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

function button(name, label, content) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  if (label) made.setAttribute("aria-label", label);
  made.append(...content);
  return made;
}

function drawn(card) {
  const image = document.createElement("img");
  image.loading = "lazy";
  image.alt = "";
  image.onerror = () => image.classList.add("broken");
  image.src = card.url;
  const label = document.createElement("span");
  label.textContent = card.label;
  const pick = button("pick", "", [image, label]);
  if (card.about) pick.title = card.about;
  const box = document.createElement("div");
  box.className = "card";
  box.dataset.key = card.key;
  box.append(pick, button("star", `Favourite: ${card.label}`, [icon(STAR)]));
  if (card.own) box.append(button("edit", `Rename or delete: ${card.label}`, [icon(PEN)]));
  return box;
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

  const sent = JSON.stringify(data.cards.map(({ favourite, ...rest }) => rest));
  if (grid.dataset.sent !== sent) {
    grid.dataset.sent = sent;
    grid.replaceChildren(...data.cards.map(drawn));
    grid.scrollTop = 0;
  }

  const acts = (grid.acts ?? []).filter((act) => act.n > data.done);
  grid.acts = acts;
  const stars = new Map(data.cards.map((card) => [card.key, card.favourite]));
  for (const act of acts) if (act.do.endsWith("star")) stars.set(act.card, act.do === "star");
  for (const box of grid.children) {
    box.querySelector(".star").setAttribute("aria-pressed", String(Boolean(stars.get(box.dataset.key))));
    box.querySelector(".pick").setAttribute("aria-pressed", String(box.dataset.key === data.chosen));
  }

  const act = (kind, card) => {
    const last = grid.acts.length ? grid.acts[grid.acts.length - 1].n : data.done;
    grid.acts = [...grid.acts, { n: Math.max(last + 1, Date.now()), do: kind, card }];
    setStateValue("acts", grid.acts);
  };

  grid.onclick = (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    const card = pressed.closest(".card").dataset.key;
    if (pressed.className !== "star") return act(pressed.className, card);
    const on = pressed.getAttribute("aria-pressed") !== "true";
    pressed.setAttribute("aria-pressed", String(on));
    act(on ? "star" : "unstar", card);
  };
  grid.onkeydown = (event) => {
    const card = event.target.closest(".card");
    if (card && !event.ctrlKey && !event.metaKey && !event.altKey && moved(grid, card, event.key)) event.preventDefault();
  };
}
