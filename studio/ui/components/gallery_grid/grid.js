// Pictures as tiles. What is done here shows at once and is told as a numbered log, until Python acknowledges it.
const grids = new WeakMap()

export default function (component) {
  const { parentElement, data, setStateValue } = component
  const root = parentElement.querySelector(".gallery")
  if (!root || !data) return
  const first = !grids.has(parentElement)
  if (first) grids.set(parentElement, { pending: [], last: 0, at: 0, anchor: 0, turned: 0, page: data.page })
  const grid = grids.get(parentElement)
  const list = root.querySelector(".tiles")

  grid.pending = grid.pending.filter(act => act.n > data.ack)
  grid.last = Math.max(grid.last, data.ack)
  let items = data.items.map(item => ({ ...item }))
  const selected = new Set(data.selected)
  for (const act of grid.pending) show(act)

  function show(act) {
    const about = new Set(act.ids)
    if (act.do === "trash") {
      items = items.filter(item => !about.has(item.id))
      for (const id of act.ids) selected.delete(id)
    }
    if (act.do === "select") for (const id of act.ids) selected.add(id)
    if (act.do === "unselect") for (const id of act.ids) selected.delete(id)
    for (const item of items) {
      if (act.do === "rate" && about.has(item.id)) item.rating = act.value
      if (act.do === "favour" && about.has(item.id)) item.favourite = Boolean(act.value)
    }
  }

  function tell(kind, ids = [], value = 0, text = "") {
    const act = { n: ++grid.last, do: kind, ids, value, text }
    grid.pending.push(act)
    show(act)
    draw()
    setStateValue("acts", grid.pending)
  }

  function draw() {
    const active = root.getRootNode().activeElement
    const focused = active && list.contains(active)
    const known = new Map([...list.children].map(tile => [tile.dataset.id, tile]))
    const tiles = items.map(item => fill(known.get(String(item.id)) ?? build(), item))
    // Replacing children takes the focus away, so only what has changed is touched.
    if (tiles.length !== list.children.length || tiles.some((tile, i) => list.children[i] !== tile)) list.replaceChildren(...tiles)
    grid.at = Math.max(0, Math.min(grid.at, items.length - 1))
    tiles.forEach((tile, i) => { tile.querySelector(".open").tabIndex = i === grid.at ? 0 : -1 })
    root.toggleAttribute("data-selecting", selected.size > 0)
    if (focused && !list.contains(root.getRootNode().activeElement)) focus(grid.at)
  }

  function build() {
    const tile = document.createElement("div")
    tile.className = "tile"
    tile.setAttribute("role", "listitem")
    tile.innerHTML = '<button type="button" class="open"><img loading="lazy" decoding="async" alt="" draggable="false"></button>'
      + '<button type="button" class="pick" tabindex="-1"><i></i></button>'
      + '<button type="button" class="heart" tabindex="-1"><i></i></button><span class="stars" aria-hidden="true"></span>'
    return tile
  }

  function fill(tile, item) {
    const chosen = selected.has(item.id)
    const [open, pick, heart] = tile.querySelectorAll("button")
    const image = tile.querySelector("img")
    tile.dataset.id = item.id
    tile.toggleAttribute("data-selected", chosen)
    tile.toggleAttribute("data-favourite", item.favourite)
    if (image.getAttribute("src") !== item.url) image.src = item.url
    image.onerror = () => image.classList.add("broken")
    image.onload = () => image.classList.remove("broken")
    tile.querySelector(".stars").textContent = "★".repeat(item.rating)
    const facts = [item.alt, item.rating && `rated ${item.rating} of 5`, item.favourite && "favourite", chosen && "selected"]
    open.setAttribute("aria-label", facts.filter(Boolean).join(", "))
    open.title = item.alt
    pick.setAttribute("aria-label", "Select")
    pick.setAttribute("aria-pressed", chosen)
    heart.setAttribute("aria-label", "Favourite")
    heart.setAttribute("aria-pressed", item.favourite)
    open.onfocus = () => { grid.at = items.indexOf(item) }
    open.onclick = event => clicked(event, item)
    pick.onclick = event => (event.shiftKey ? extend(items.indexOf(item)) : toggle(item))
    heart.onclick = () => tell("favour", [item.id], item.favourite ? 0 : 1)
    return tile
  }

  function clicked(event, item) {
    if (event.shiftKey) extend(items.indexOf(item))
    else if (event.ctrlKey || event.metaKey) toggle(item)
    else if (event.pointerType === "touch" && selected.size) toggle(item)
    else tell("open", [item.id])
  }

  function toggle(item) {
    grid.anchor = grid.at = items.indexOf(item)
    tell(selected.has(item.id) ? "unselect" : "select", [item.id])
  }

  function extend(to) {
    const [low, high] = [Math.min(grid.anchor, to), Math.max(grid.anchor, to)]
    grid.at = to
    tell("select", items.slice(low, high + 1).map(item => item.id))
  }

  function focus(index, extending = false) {
    if (!items.length) return
    const to = Math.max(0, Math.min(items.length - 1, index))
    if (extending) extend(to)
    else grid.anchor = to
    grid.at = to
    list.children[to]?.querySelector(".open").focus()
    for (let i = 0; i < list.children.length; i++) list.children[i].querySelector(".open").tabIndex = i === to ? 0 : -1
  }

  function columns() {
    return getComputedStyle(list).gridTemplateColumns.split(" ").length
  }

  root.onkeydown = event => {
    if (event.altKey || event.target.closest("dialog") || !taken(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  function taken(event) {
    const { key } = event
    const item = items[grid.at]
    if (event.ctrlKey || event.metaKey) {
      if (key === "a") tell("select", items.map(one => one.id))
      else if (key === "z") tell("undo")
      else return false
      return true
    }
    if (!item) return false
    // Keys mean all that is selected when the focused picture is among it.
    const meant = selected.has(item.id) ? [...selected] : [item.id]
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() }[key]
    if (step !== undefined) {
      const to = grid.at + step
      if (to < 0 && data.page > 1 && !event.shiftKey) turn(-1)
      else if (to >= items.length && grid.at === items.length - 1 && data.page < data.pages && !event.shiftKey) turn(1)
      else focus(to, event.shiftKey)
    }
    else if (key === "Home") focus(0, event.shiftKey)
    else if (key === "End") focus(items.length - 1, event.shiftKey)
    else if (key === "PageDown" && data.page < data.pages) turn(1)
    else if (key === "PageUp" && data.page > 1) turn(-1)
    else if (key === " ") toggle(item)
    else if (key === "Enter" && event.target.closest(".open")) tell("open", [item.id])
    else if (/^[0-5]$/.test(key)) tell("rate", meant, Number(key))
    else if (key === "f") tell("favour", meant, item.favourite ? 0 : 1)
    else if (key === "t") {
      grid.meant = meant
      askForTags()
    }
    else if (key === "Delete" || key === "Backspace") tell("trash", meant)
    else if (key === "Escape" && selected.size) tell("unselect", [...selected])
    else return false
    return true
  }

  function turn(by) {
    grid.turned = by
    tell("turn", [], by)
  }

  // With the focus nowhere in particular, an arrow to the side leads into the grid.
  function pressed(event) {
    const nowhere = [document.body, document.documentElement].includes(event.composedPath()[0])
    if (!nowhere || !["ArrowLeft", "ArrowRight"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    focus(grid.at)
  }

  if (grid.pressed) document.removeEventListener("keydown", grid.pressed)
  grid.pressed = pressed
  document.addEventListener("keydown", pressed)
  const askForTags = tagger(root, data.tags, text => tell("tag", grid.meant, 0, text))
  list.style.setProperty("--tile", `${data.tile}px`)
  if (grid.page !== data.page) {
    grid.at = grid.turned < 0 ? data.items.length - 1 : 0
    grid.anchor = grid.at
    grid.page = data.page
  }
  if (first && data.focus) grid.at = Math.max(0, items.findIndex(item => item.id === data.focus))
  draw()
  if (first && data.focus) focus(grid.at)

  return () => {
    document.removeEventListener("keydown", grid.pressed)
    grids.delete(parentElement)
  }
}
