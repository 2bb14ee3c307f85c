// A grid of poses. The cards are drawn again only when others are sent; searching hides those that do not fit.

const folded = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

function cardOf(card) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "card";
  button.dataset.name = card.name;
  button.dataset.words = folded(`${card.label} ${card.words}`);
  const image = document.createElement("img");
  image.src = card.url;
  image.alt = "";
  image.loading = "lazy";
  const label = document.createElement("span");
  label.textContent = card.label;
  button.append(image, label);
  return button;
}

function sectionOf(group, cards) {
  const section = document.createElement("section");
  const heading = document.createElement("h3");
  heading.textContent = group;
  heading.hidden = !group;
  const grid = document.createElement("div");
  grid.className = "cards";
  grid.append(...cards.map(cardOf));
  section.append(heading, grid);
  return section;
}

function groupsOf(cards) {
  const groups = new Map();
  for (const card of cards) groups.set(card.group, [...(groups.get(card.group) ?? []), card]);
  return groups;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const search = parentElement.querySelector(".search");
  const shelf = parentElement.querySelector(".shelf");
  const all = () => [...shelf.querySelectorAll(".card")];
  const nothing = parentElement.querySelector(".nothing");
  const pick = (name) => setTriggerValue("picked", name);

  const filter = () => {
    const words = folded(search.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const card of all()) {
      card.hidden = !words.every((word) => card.dataset.words.includes(word));
      found += !card.hidden;
    }
    for (const section of shelf.children) section.hidden = !section.querySelector(".card:not([hidden])");
    nothing.hidden = found > 0;
  };

  const sent = JSON.stringify(data.cards);
  if (shelf.sent !== sent) {
    shelf.sent = sent;
    shelf.replaceChildren(...[...groupsOf(data.cards)].map(([group, cards]) => sectionOf(group, cards)));
  }
  for (const card of all()) card.onclick = () => pick(card.dataset.name);
  for (const card of all()) card.setAttribute("aria-pressed", String(card.dataset.name === data.chosen));
  search.oninput = filter;
  search.onkeydown = (event) => {
    if (event.key !== "Enter") return;
    const first = all().find((card) => !card.hidden);
    if (first) pick(first.dataset.name);
  };
  filter();
}
