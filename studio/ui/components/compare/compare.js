// Everything happens here: moving the divider or changing the mode asks nothing of the server.
const PERIOD_MS = 700
const HINTS = {
  side: "Keys 1, 2 and 3 change the view.",
  slider: "Drag the divider, or use the arrow keys; with Shift in larger steps.",
  flicker: "Click the picture or press Space to see the other; P plays both in turn.",
}
const MODES = Object.keys(HINTS)
const views = new WeakMap()

export default function (component) {
  const { parentElement, data } = component
  const root = parentElement.querySelector(".compare")
  if (!root || !data) return
  if (!views.has(parentElement)) views.set(parentElement, { mode: data.mode, cut: 50, shown: "left", timer: 0 })
  const view = views.get(parentElement)
  const find = selector => root.querySelector(selector)
  const frame = find(".frame")
  const divider = find(".divider")

  function draw() {
    root.dataset.mode = view.mode
    root.dataset.shown = view.shown
    root.style.setProperty("--cut", `${view.cut}%`)
    divider.setAttribute("aria-valuenow", Math.round(view.cut))
    divider.setAttribute("aria-valuetext", `${Math.round(view.cut)} % ${data.left.label}`)
    for (const button of root.querySelectorAll(".modes button")) {
      const chosen = button.dataset.mode === view.mode
      button.setAttribute("aria-checked", chosen)
      button.tabIndex = chosen ? 0 : -1
    }
    find(".play").textContent = view.timer ? "Pause" : "Play"
    find(".play").setAttribute("aria-pressed", Boolean(view.timer))
    // While it plays, a reader would be told twice a second.
    find(".shown").textContent = view.timer ? "" : `Shown: ${data[view.shown].label}`
    find(".hint").textContent = HINTS[view.mode]
  }

  function stop() {
    clearInterval(view.timer)
    view.timer = 0
  }

  function swap() {
    view.shown = view.shown === "left" ? "right" : "left"
    draw()
  }

  function play() {
    if (view.timer) stop()
    else view.timer = setInterval(swap, PERIOD_MS)
    draw()
  }

  function choose(mode, andFocus = false) {
    if (mode !== "flicker") stop()
    view.mode = mode
    draw()
    if (andFocus) (mode === "slider" ? divider : find(`.modes [data-mode="${mode}"]`)).focus({ preventScroll: true })
    return true
  }

  function cutAt(event) {
    const box = frame.getBoundingClientRect()
    setCut(((event.clientX - box.left) / box.width) * 100)
  }

  function setCut(value) {
    view.cut = Math.min(100, Math.max(0, value))
    draw()
  }

  for (const side of ["left", "right"]) {
    const image = find(`.${side} img`)
    if (image.getAttribute("src") !== data[side].url) image.src = data[side].url
    image.alt = data[side].label
    find(`.${side} figcaption`).textContent = data[side].label
  }
  root.style.setProperty("--aspect", data.aspect)
  root.style.setProperty("--ratio", data.ratio)

  for (const button of root.querySelectorAll(".modes button")) button.onclick = () => choose(button.dataset.mode)
  find(".swap").onclick = () => { stop(); swap() }
  find(".play").onclick = play
  frame.onclick = () => { if (view.mode === "flicker") { stop(); swap() } }
  frame.onpointerdown = event => {
    if (view.mode !== "slider" || event.button !== 0) return
    frame.setPointerCapture(event.pointerId)
    divider.focus({ preventScroll: true })
    cutAt(event)
  }
  frame.onpointermove = event => { if (view.mode === "slider" && frame.hasPointerCapture(event.pointerId)) cutAt(event) }

  root.onkeydown = event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (!taken(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  function taken(event) {
    const { key } = event
    if (["1", "2", "3"].includes(key)) return choose(MODES[Number(key) - 1], true)
    const arrow = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[key]
    if (arrow && event.target.closest(".modes")) {
      choose(MODES[(MODES.indexOf(view.mode) + arrow + MODES.length) % MODES.length])
      find(`.modes [data-mode="${view.mode}"]`).focus({ preventScroll: true })
      return true
    }
    if (view.mode === "slider" && event.target === divider) {
      if (arrow) setCut(view.cut + arrow * (event.shiftKey ? 10 : 2))
      else if (key === "Home") setCut(0)
      else if (key === "End") setCut(100)
      else return false
      return true
    }
    if (view.mode !== "flicker") return false
    if (key === " " && !event.target.closest("button")) { stop(); swap() }
    else if (key === "p" || key === "P") play()
    else return false
    return true
  }

  draw()
  return () => {
    stop()
    views.delete(parentElement)
  }
}
