// The cells are made once and then only touched where something has changed: the grid is sent again every second.
const views = new WeakMap();
const LARGE = 256;  // thumbnails have this many pixels on their long side

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".sweep");
  if (!root || !data) return;
  if (!views.has(parentElement)) views.set(parentElement, { side: fitting(), shape: "", marked: [] });
  const view = views.get(parentElement);
  view.marked = data.marked;
  const body = root.querySelector("tbody");
  const zoom = root.querySelector(".zoom");

  const shape = JSON.stringify([data.across, data.down, data.rows.map((row) => row.map((cell) => cell && cell[0]))]);
  if (shape !== view.shape) build(shape);
  root.querySelector(".axes").textContent = data.axes;
  root.style.setProperty("--aspect", data.aspect);
  size();
  data.rows.flat().forEach((cell) => { if (cell) fill(cell); });

  // At first the columns fill the width, within what is neither tiny nor blown up; on a phone they fit on it.
  function fitting() {
    const room = (root.clientWidth || 960) - (data.down.length === 1 && !data.down[0] ? 12 : 90);
    return Math.round(Math.min(LARGE, Math.max(88, room / data.across.length - 6)) / 8) * 8;
  }

  function build(wanted) {
    view.shape = wanted;
    root.classList.toggle("single", data.down.length === 1 && !data.down[0]);
    const head = make("tr");
    head.append(make("th"), ...data.across.map((text) => make("th", "", text)));
    root.querySelector("thead").replaceChildren(head);
    body.replaceChildren(...data.rows.map((row, at) => {
      const line = make("tr");
      line.append(make("th", "", data.down[at]), ...row.map((cell) => box(cell)));
      return line;
    }));
  }

  function box(cell) {
    const place = make("td");
    if (!cell) {
      place.append(Object.assign(make("div", "skipped"), { title: "Skipped" }));
      return place;
    }
    const holder = make("div", "cell");
    holder.dataset.number = cell[0];
    const open = Object.assign(make("button", "open"), { type: "button" });
    const mark = Object.assign(make("button", "mark", "⇄"), { type: "button", title: "Compare: mark two cells" });
    open.append(make("span"));
    holder.append(open, mark, make("div", "note"));
    place.append(holder);
    return place;
  }

  function fill([number, state, thumbnail, picture, label, note, best]) {
    const holder = body.querySelector(`[data-number="${number}"]`);
    const [open, mark, line] = holder.children;
    holder.dataset.state = state;
    holder.classList.toggle("best", best);
    line.textContent = note;
    const wanted = view.side > LARGE && picture ? picture : thumbnail;
    const image = open.querySelector("img");
    if (!wanted) {
      if (image || open.firstChild.textContent !== label) open.replaceChildren(make("span", "", label));
    } else if (image) {
      if (image.getAttribute("src") !== wanted) image.src = wanted;
      image.alt = label;
    } else {
      open.replaceChildren(Object.assign(make("img"), { src: wanted, alt: label, loading: "lazy", decoding: "async" }));
    }
    open.onclick = () => setTriggerValue("opened", number);
    mark.setAttribute("aria-pressed", view.marked.includes(number));
    mark.setAttribute("aria-label", `Compare ${label}`);
    mark.onclick = () => {
      const others = view.marked.filter((other) => other !== number);
      const marked = others.length < view.marked.length ? others : [...others, number].slice(-2);
      setTriggerValue("marks", marked);
    };
  }

  function size() {
    zoom.value = view.side;
    root.style.setProperty("--side", `${view.side}px`);
  }

  zoom.oninput = () => {
    view.side = Number(zoom.value);
    size();
    data.rows.flat().forEach((cell) => { if (cell) fill(cell); });
  };
  body.onkeydown = (event) => {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const step = moves[event.key];
    const place = event.target.closest("td");
    if (!step || !place) return;
    event.preventDefault();
    let row = place.parentElement.rowIndex - 1 + step[0];
    let column = place.cellIndex + step[1];
    while (body.rows[row]?.cells[column]?.tagName === "TD") {
      const next = body.rows[row].cells[column].querySelector(".open");
      if (next) return next.focus();
      row += step[0];
      column += step[1];
    }
  };
}
