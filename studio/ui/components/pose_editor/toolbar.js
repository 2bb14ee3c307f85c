// The frame around the canvas: tools above it, what is chosen below it, and the Shortcuts popover.

import { button, h, refill } from "./dom.js";
import { SHORTCUTS } from "./keys.js";

const FOCUS = [
  ["body", "accessibility_new", "Body"],
  ["right_hand", "back_hand", "Right hand"],
  ["left_hand", "back_hand", "Left hand"],
  ["face", "face", "Face"],
];
const PART_NAMES = { right_hand: "Right hand", left_hand: "Left hand", face: "Face" };

/** Builds the frame inside `host`; returns its places, and `updateToolbar`, `say` and `showShortcuts`. */
export function frame(editor, host) {
  const canvas = h("canvas", {
    tabindex: "0", role: "application",
    "aria-label": "Pose canvas: drag joints, or choose them with [ and ] and move them with the arrow keys",
  });
  const empty = h(
    "div", { class: "empty" },
    h("p", {}, "Nobody is here yet."),
    button("first", "person_add", "Add a figure", () => editor.commands.add(), { text: true }),
  );
  const status = h("div", { class: "status", role: "status" });
  const tools = h("div", { class: "tools", role: "toolbar", "aria-label": "Editor tools" });
  const stage = h("div", { class: "stage" }, canvas, empty);
  const panelPlace = h("div", { class: "panel" });
  const popover = shortcuts();
  const desk = h("div", { class: "desk" }, h("div", { class: "left" }, stage, status), panelPlace);
  host.replaceChildren(tools, desk, popover);
  return {
    canvas, stage, panelPlace,
    showShortcuts: () => popover.showPopover(),
    say: (text) => (status.textContent = text),
    updateToolbar: () => {
      refill(tools, groups(editor));
      empty.hidden = editor.pose.people.length > 0;
      status.textContent = described(editor);
    },
  };
}

function groups(editor) {
  const { commands, history, selection, person } = editor;
  return [
    group("Undo and redo", [
      button("undo", "undo", "Undo", commands.undo, { disabled: !history.past.length, tip: "Undo (Ctrl+Z)" }),
      button("redo", "redo", "Redo", commands.redo, { disabled: !history.future.length, tip: "Redo (Ctrl+Shift+Z)" }),
    ]),
    group("What a drag moves", [
      tool(editor, "joints", "touch_app", "Move joints"),
      tool(editor, "person", "open_with", "Move, turn and resize"),
      editor.photo.ready ? tool(editor, "photo", "wallpaper", "Move the photo") : null,
    ]),
    button("lock", editor.lock ? "link" : "link_off", "Keep bone lengths", commands.toggleLock, {
      pressed: editor.lock, tip: "Keep bone lengths: arms and legs bend instead of stretching (L)",
    }),
    group("What is edited", FOCUS.map(([part, icon, label]) =>
      button(`focus-${part}`, icon, label, () => commands.focus(part), {
        text: true, pressed: selection.part === part, disabled: part !== "body" && !person,
        tip: part === "body" ? "The whole figure" : `The ${label.toLowerCase()} from close by`,
      }),
    ), "focus"),
    group("View", [
      button("zoom-out", "zoom_out", "Zoom out", () => commands.zoom(1 / 1.25)),
      button("fit", "fit_screen", "Show everything", commands.fit),
      button("zoom-in", "zoom_in", "Zoom in", () => commands.zoom(1.25)),
    ]),
    button("shortcuts", "keyboard", "Shortcuts", editor.showShortcuts, { tip: "Shortcuts (?)" }),
  ];
}

const group = (label, buttons, kind = "") =>
  h("div", { class: `group ${kind}`, role: "group", "aria-label": label }, buttons);

const tool = (editor, name, icon, label) =>
  button(`tool-${name}`, icon, label, () => editor.commands.tool(name), { pressed: editor.tool === name });

function described({ selection, person, pose, skeleton }) {
  if (!person) return "";
  const who = pose.people.length > 1 ? `Person ${selection.person + 1} · ` : "";
  const joint = person[selection.part]?.[selection.joint];
  if (!joint) return `${who}${PART_NAMES[selection.part] ?? "Figure"}`;
  const hidden = joint[3] ? "" : " · hidden";
  return `${who}${jointName(skeleton, selection)} · x ${joint[0].toFixed(1)}, y ${joint[1].toFixed(1)}${hidden}`;
}

export function jointName(skeleton, { part, joint }) {
  if (part === "body") return sentence(skeleton.body.names[joint]);
  if (part === "face") {
    const found = Object.entries(skeleton.face.contours).find(([, contour]) => contour.joints.includes(joint));
    return `${sentence(found?.[0] ?? "face")}, point ${joint}`;
  }
  const finger = Object.entries(skeleton.hand.fingers).find(([, joints]) => joints.includes(joint));
  return finger ? `${PART_NAMES[part]}, ${finger[0]} finger, point ${joint}` : `${PART_NAMES[part]}, wrist`;
}

const sentence = (name) => `${name[0].toUpperCase()}${name.slice(1)}`.replaceAll("_", " ");

function shortcuts() {
  const rows = SHORTCUTS.map(([keys, meaning]) => h("tr", {}, h("th", { scope: "row" }, keys), h("td", {}, meaning)));
  const popover = h("div", { class: "shortcuts", popover: "auto" });
  popover.append(
    h("div", { class: "head" }, h("strong", {}, "Shortcuts"),
      button("close-shortcuts", "close", "Close", () => popover.hidePopover())),
    h("p", {}, "They work while the canvas has the focus: click it, or reach it with Tab."),
    h("table", {}, h("tbody", {}, rows)),
  );
  return popover;
}
