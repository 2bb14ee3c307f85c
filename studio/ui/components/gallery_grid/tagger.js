// Tags typed over the pictures: T opens the field, Enter gives them, Esc leaves everything as it is.
function tagger(root, known, give) {
  let dialog = root.querySelector("dialog.tagger")
  if (!dialog) {
    dialog = document.createElement("dialog")
    dialog.className = "tagger"
    dialog.setAttribute("aria-label", "Tags")
    dialog.innerHTML = '<form><label>Tags, separated by commas; a minus takes one away'
      + '<input type="text" maxlength="500" list="known_tags" autocomplete="off" placeholder="running, -blurry"></label>'
      + '<datalist id="known_tags"></datalist><button type="submit">Give</button></form>'
    root.append(dialog)
  }
  const input = dialog.querySelector("input")
  dialog.querySelector("datalist").replaceChildren(...known.map(name => new Option(name)))
  dialog.querySelector("form").onsubmit = event => {
    event.preventDefault()
    dialog.close()
    if (input.value.trim()) give(input.value)
  }
  dialog.onclick = event => { if (event.target === dialog) dialog.close() }
  return () => {
    input.value = ""
    dialog.showModal()
  }
}

