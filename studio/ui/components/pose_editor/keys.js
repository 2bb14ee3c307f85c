// The keyboard: every command of the editor, and the list that the Shortcuts popover shows.

const step = (event) => (event.shiftKey ? 10 : 1);
const FOCUS = ["body", "right_hand", "left_hand", "face"];

/** [keys as shown, what they do, event.key in lower case with its modifiers, action]. */
const TABLE = [
  ["Ctrl+Z", "Undo", ["ctrl+z"], (c) => c.undo()],
  ["Ctrl+Shift+Z, Ctrl+Y", "Redo", ["ctrl+shift+z", "ctrl+y"], (c) => c.redo()],
  ["Arrows", "Move the joint or person by 1 pixel, with Shift by 10", [], null],
  ["[ and ]", "Former and next joint", ["[", "]"], (c, event) => c.nextJoint(event.key === "]" ? 1 : -1)],
  [", and .", "Former and next person", [",", "."], (c, event) => c.nextPerson(event.key === "." ? 1 : -1)],
  ["1 2 3 4", "Body, right hand, left hand, face", ["1", "2", "3", "4"], (c, event) => c.focus(FOCUS[event.key - 1])],
  ["V, G, B", "Move joints, the person, the photo", ["v", "g", "b"], (c, event) => c.tool(toolOf(c, event.key))],
  ["L", "Keep bone lengths, or not", ["l"], (c) => c.toggleLock()],
  ["H", "Hide or show the joint", ["h"], (c) => c.toggleJoint()],
  ["Q, E", "Turn left and right by 5 degrees, with Shift by 1", ["q", "e", "shift+q", "shift+e"], turnBy],
  ["J, K", "Smaller and larger by 5 %", ["j", "k"], (c, event) => c.grow(event.key === "k" ? 1.05 : 1 / 1.05)],
  ["M", "Mirror the person; with Shift the whole picture", ["m", "shift+m"],
    (c, event) => (event.shiftKey ? c.mirrorPicture() : c.mirror())],
  ["C", "Copy the right side to the left; with Shift the other way", ["c", "shift+c"],
    (c, event) => c.copySide(event.shiftKey ? "left" : "right")],
  ["A", "Add a figure", ["a"], (c) => c.add()],
  ["D", "Duplicate the person", ["d"], (c) => c.duplicate()],
  ["Delete", "Delete the person", ["delete", "backspace"], (c) => c.remove()],
  ["Page up, Page down", "Nearer to the front, farther back", ["pageup", "pagedown"],
    (c, event) => c.depth(event.key === "PageUp" ? 1 : -1)],
  ["+, −, 0", "Zoom in, zoom out, show everything", ["+", "=", "shift++", "-", "0"], zoomBy],
  ["Space and drag", "Move the view; so does dragging the empty canvas", [], null],
  ["Ctrl and wheel", "Zoom where the pointer is", [], null],
  ["Alt and drag", "The lock the other way round for this drag", [], null],
  ["Right click", "Hide or show a joint", [], null],
  ["Esc", "Let go of the joint, then leave the hand or face", ["escape"], (c) => c.escape()],
  ["?", "These shortcuts", ["?", "shift+?"], (c) => c.editor.showShortcuts()],
];

export const SHORTCUTS = TABLE.map(([keys, meaning]) => [keys, meaning]);

const ACTIONS = new Map(TABLE.flatMap(([, , names, action]) => names.map((name) => [name, action])));
const ARROWS = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] };

export function listenToKeys(editor, host) {
  host.onkeydown = (event) => {
    const field = event.target.closest?.("input, select, textarea");
    const action = field && !undoing(event, field) ? null : actionOf(editor, event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  editor.canvas.onkeyup = (event) => {
    if (event.key === " ") editor.spaceHeld = false;
  };
  editor.canvas.onblur = () => {
    editor.spaceHeld = false;
    editor.flush();
  };
}

/** Undo works from a slider too; a field being typed in keeps its own. */
const undoing = (event, field) => field.type === "range" && (event.ctrlKey || event.metaKey);

function actionOf(editor, event) {
  const { commands } = editor;
  const onCanvas = event.target === editor.canvas;
  const key = event.key.toLowerCase();
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey) return null;
  if (onCanvas && !control && ARROWS[key]) {
    const [dx, dy] = ARROWS[key];
    return () => commands.nudge(dx * step(event), dy * step(event));
  }
  if (onCanvas && key === " ") return () => (editor.spaceHeld = true);
  const name = `${control ? "ctrl+" : ""}${event.shiftKey ? "shift+" : ""}${key}`;
  const action = ACTIONS.get(name);
  // Letters are the canvas's: on a button they would surprise whoever only walks through with Tab.
  return action && (onCanvas || control) ? () => action(commands, event) : null;
}

const toolOf = (commands, key) =>
  ({ v: "joints", g: "person", b: commands.editor.photo.ready ? "photo" : "joints" })[key];

function turnBy(commands, event) {
  const degrees = event.shiftKey ? 1 : 5;
  commands.turn(event.key.toLowerCase() === "e" ? degrees : -degrees);
}

function zoomBy(commands, event) {
  if (event.key === "0") commands.fit();
  else commands.zoom(event.key === "-" ? 1 / 1.25 : 1.25);
}
