// One picture, large. Keys work wherever the focus is, except where something else has a use for them.
const viewers = new WeakMap()
const SWIPE_PX = 60
const TYPING = "input, textarea, select, [contenteditable=true], [role=slider], [role=radio], [role=combobox], [role=listbox], dialog"

export default function (component) {
  const { parentElement, data, setStateValue } = component
  const root = parentElement.querySelector(".viewer")
  if (!root || !data) return
  const first = !viewers.has(parentElement)
  if (first) viewers.set(parentElement, { pending: [], last: 0, swipe: null })
  const viewer = viewers.get(parentElement)
  const find = selector => root.querySelector(selector)
  const item = { ...data.item }
  const large = find(".large")

  viewer.pending = viewer.pending.filter(act => act.n > data.ack)
  viewer.last = Math.max(viewer.last, data.ack)
  for (const act of viewer.pending) show(act)

  function show(act) {
    if (!act.ids.includes(item.id)) return
    if (act.do === "rate") item.rating = act.value
    if (act.do === "favour") item.favourite = Boolean(act.value)
  }

  function tell(kind, ids = [], value = 0, text = "") {
    const act = { n: ++viewer.last, do: kind, ids, value, text }
    viewer.pending.push(act)
    show(act)
    draw()
    setStateValue("acts", viewer.pending)
  }

  const rate = value => tell("rate", [item.id], value)
  const step = by => { if (by < 0 ? data.before : data.after) tell("step", [item.id], by) }

  function draw() {
    const image = find(".picture img")
    if (image.getAttribute("src") !== item.url) image.src = item.url
    image.alt = item.alt
    root.style.setProperty("--aspect", `${item.width} / ${item.height}`)
    root.style.setProperty("--ratio", item.width / item.height)
    find(".before").disabled = !data.before
    find(".after").disabled = !data.after
    for (const button of find(".stars").children) {
      const value = Number(button.dataset.value)
      button.toggleAttribute("data-on", value <= item.rating)
      button.setAttribute("aria-checked", value === item.rating)
      button.textContent = value <= item.rating ? "★" : "☆"
    }
    find(".heart").setAttribute("aria-pressed", item.favourite)
    find(".heart").textContent = item.favourite ? "♥" : "♡"
    find(".facts").textContent = data.facts
  }

  function enlarge() {
    const image = find(".large img")
    image.src = item.url
    image.alt = item.alt
    large.classList.remove("actual")
    large.showModal()
  }

  if (!find(".stars").children.length) {
    for (let value = 1; value <= 5; value++) {
      const button = document.createElement("button")
      Object.assign(button, { type: "button", ariaLabel: value === 1 ? "1 star" : `${value} stars` })
      button.setAttribute("role", "radio")
      button.dataset.value = value
      find(".stars").append(button)
    }
  }
  for (const button of find(".stars").children) {
    const value = Number(button.dataset.value)
    button.onclick = () => rate(item.rating === value ? 0 : value)
  }
  find(".heart").onclick = () => tell("favour", [item.id], item.favourite ? 0 : 1)
  find(".before").onclick = () => step(-1)
  find(".after").onclick = () => step(1)
  find(".picture").onclick = enlarge
  find(".shut").onclick = () => large.close()
  find(".large img").onclick = () => large.classList.toggle("actual")
  find(".large div").onclick = event => { if (event.target === event.currentTarget) large.close() }
  find(".stage").onpointerdown = event => { viewer.swipe = event.pointerType === "touch" ? event.clientX : null }
  find(".stage").onpointerup = event => {
    const moved = viewer.swipe === null ? 0 : event.clientX - viewer.swipe
    viewer.swipe = null
    if (Math.abs(moved) > SWIPE_PX) step(moved > 0 ? -1 : 1)
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || large.open) return
    const target = event.composedPath()[0]
    if (!(target instanceof Element) || target.closest("dialog")) return
    if (!root.contains(target) && target.closest(TYPING)) return
    if (document.querySelector('[role="dialog"], [data-testid="stPopoverBody"]')) return
    const { key } = event
    if (key === "ArrowLeft") step(-1)
    else if (key === "ArrowRight") step(1)
    else if (/^[0-5]$/.test(key)) rate(Number(key))
    else if (key === "f") tell("favour", [item.id], item.favourite ? 0 : 1)
    else if (key === "z") enlarge()
    else if (key === "t") askForTags()
    else if (key === "Delete") tell("trash", [item.id])
    else if (key === "Escape") tell("close", [item.id])
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const askForTags = tagger(root, data.tags, text => tell("tag", [item.id], 0, text))
  if (viewer.pressed) document.removeEventListener("keydown", viewer.pressed)
  viewer.pressed = pressed
  document.addEventListener("keydown", pressed)
  draw()
  if (first) root.focus({ preventScroll: true })

  return () => {
    document.removeEventListener("keydown", viewer.pressed)
    viewers.delete(parentElement)
  }
}
