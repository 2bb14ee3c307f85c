// Beside the canvas: the control map, the people, and what can be done with the chosen one.

import { button, h, number, refill, sketch, slider } from "./dom.js";
import { jointName } from "./toolbar.js";

export class Panel {
  constructor(editor) {
    this.editor = editor;
    this.map = h("img", { alt: "The control map of this pose, exactly as the ControlNet sees it" });
    this.map.onload = () => this.map.classList.add("ready");
    this.caption = h("figcaption", {}, "Control map");
    this.figure = h("figure", { class: "map" }, this.map, this.caption);
    this.places = Object.fromEntries(["people", "part", "joint", "canvas", "photo"].map((name) => [name, h("div")]));
    const { people, part, joint, canvas, photo } = this.places;
    editor.panelPlace.replaceChildren(
      this.figure, fold("People", people, true), fold("Figure", part, true), fold("Joint", joint, true),
      fold("Canvas", canvas), fold("Photo", photo, true),
    );
    this.partTitle = part.parentElement.querySelector("summary");
    this.thumbnails = thumbnails(editor.skeleton);
  }

  /** `current`: the map shows the pose as it is now; else a newer one is on its way. */
  showMap(url, current) {
    this.figure.dataset.state = current ? "current" : "waiting";
    if (url && this.map.getAttribute("src") !== url) this.map.src = url;
    const { width, height } = this.editor.pose;
    this.map.style.aspectRatio = `${width} / ${height}`;
    this.caption.textContent = `Control map · ${width} × ${height}`;
  }

  refresh() {
    const { editor, places } = this;
    refill(places.people, this.people());
    refill(places.part, this.part());
    refill(places.joint, this.joint());
    refill(places.canvas, this.canvas());
    if (editor.panelPlace.getRootNode().activeElement?.type !== "range") refill(places.photo, this.photo());
    this.partTitle.textContent = { body: "Figure", face: "Face" }[editor.selection.part] ?? "Hand";
    places.part.parentElement.hidden = !editor.person;
    places.joint.parentElement.hidden = !editor.commands.joint();
    places.photo.parentElement.hidden = !editor.photo.ready;
  }

  people() {
    const { editor } = this;
    const { pose, selection, commands } = editor;
    const rows = pose.people.map((_, index) => this.row(index, index === selection.person)).reverse();
    return [
      h("ul", { class: "rows", "aria-label": "People, the front one first" }, rows),
      buttons(
        button("add", "person_add", "Add a figure", commands.add, { text: true, tip: "Add a standing figure (A)" }),
      ),
    ];
  }

  row(index, chosen) {
    const { commands, pose } = this.editor;
    const front = index === pose.people.length - 1;
    const small = (id, icon, label, run, disabled) =>
      button(`${id}-${index}`, icon, `${label} person ${index + 1}`, run, { disabled });
    const choose = h(
      "button",
      {
        type: "button", class: "name", "data-id": `person-${index}`, "aria-pressed": String(chosen),
        onclick: () => this.editor.select({ person: index, joint: -1 }),
      },
      `Person ${index + 1}`,
    );
    return h("li", { class: chosen ? "chosen" : "" }, choose,
      small("nearer", "arrow_upward", "Bring nearer:", () => commands.depth(1, index), front),
      small("farther", "arrow_downward", "Send farther:", () => commands.depth(-1, index), index === 0),
      small("duplicate", "content_copy", "Duplicate", () => commands.duplicate(index)),
      small("delete", "delete", "Delete", () => commands.remove(index)));
  }

  part() {
    const { person, selection } = this.editor;
    if (!person) return [];
    if (selection.part === "body") return this.body(person);
    return selection.part === "face" ? this.face(person) : this.hand(person, selection.part);
  }

  body(person) {
    const { commands, skeleton } = this.editor;
    const wide = (id, icon, label, run, tip) => button(id, icon, label, run, { text: true, tip });
    const proportions = Object.entries(skeleton.proportions).map(([name, { label }]) =>
      chip(`proportions-${name}`, label, () => commands.ask("proportions", name)),
    );
    return [
      buttons(
        wide("mirror", "flip", "Mirror", commands.mirror, "Mirror this person, right becomes left (M)"),
        wide("copy-right", "arrow_forward", "Right to left", () => commands.copySide("right"),
          "Copy the figure's right arm, leg and hand onto its left (C)"),
        wide("copy-left", "arrow_back", "Left to right", () => commands.copySide("left"),
          "Copy the figure's left arm, leg and hand onto its right (Shift+C)"),
        person.body.every(Boolean) ? null
          : wide("complete", "add_circle", "Add missing joints", commands.complete, "As a standing figure has them"),
        hides(person) ? wide("show-all", "visibility", "Show all joints", commands.showAll, "Hide none of them") : null,
      ),
      note("Proportions"),
      chips("Proportions", proportions),
    ];
  }

  hand(person, part) {
    const { commands } = this.editor;
    const side = part.split("_")[0];
    return [
      person[part] ? null : note(`No ${side} hand yet: choose a gesture to begin with.`),
      this.presets("gesture", "Gestures", (name) => commands.ask("gesture", name, side)),
      person[part] && buttons(
        button("turn-over", "flip", "Turn it over", () => commands.turnOver(part), {
          text: true, tip: "The thumb to its other side: palm becomes back",
        }),
        button("remove-part", "delete", "Remove this hand", () => commands.removePart(part), { text: true }),
      ),
    ];
  }

  face(person) {
    const { commands } = this.editor;
    return [
      person.face ? null : note("No face points yet: choose an expression to begin with."),
      this.presets("expression", "Expressions", (name) => commands.ask("expression", name)),
      person.face &&
        buttons(button("remove-part", "delete", "Remove the face", () => commands.removePart("face"), { text: true })),
    ];
  }

  presets(kind, label, run) {
    const known = Object.entries(this.editor.skeleton[`${kind}s`]);
    const pictured = known.map(([name, preset]) =>
      chip(`${kind}-${name}`, preset.label, () => run(name), { picture: this.thumbnails[name] }),
    );
    return chips(label, pictured, "pictured");
  }

  joint() {
    const { commands, selection, skeleton } = this.editor;
    const joint = commands.joint();
    if (!joint) return [];
    const [x, y, , visible] = joint;
    return [
      note(jointName(skeleton, selection)),
      h("div", { class: "numbers" },
        number("joint-x", "X", x, (value) => commands.place(value, y), { step: "1" }),
        number("joint-y", "Y", y, (value) => commands.place(x, value), { step: "1" })),
      buttons(
        button("hide", visible ? "visibility_off" : "visibility", visible ? "Hide joint" : "Show joint",
          commands.toggleJoint, { text: true, tip: "A hidden joint stays in the pose but is not drawn (H)" }),
      ),
    ];
  }

  canvas() {
    const { commands, pose, data } = this.editor;
    const limits = { min: 64, max: 4096, step: 8 };
    const sizes = (data.sizes ?? []).map(([width, height]) =>
      chip(`size-${width}x${height}`, `${width} × ${height}`, () => commands.canvas(width, height), {
        pressed: pose.width === width && pose.height === height,
      }),
    );
    return [
      chips("Canvas sizes", sizes),
      h("div", { class: "numbers" },
        number("canvas-width", "Width", pose.width, (value) => commands.canvas(value, pose.height), limits),
        number("canvas-height", "Height", pose.height, (value) => commands.canvas(pose.width, value), limits)),
      buttons(
        button("mirror-picture", "flip", "Mirror the picture", commands.mirrorPicture, {
          text: true, tip: "Mirror everyone (Shift+M)",
        }),
      ),
    ];
  }

  photo() {
    const { photo, commands, tool } = this.editor;
    const other = tool === "photo" ? "joints" : "photo";
    if (!photo.ready) return [];
    return [
      slider("photo-opacity", "Opacity", photo.opacity, [0, 1, 0.05], (opacity) => photo.set({ opacity })),
      slider("photo-zoom", "Zoom", photo.zoom, [0.1, 4, 0.05], (zoom) => photo.set({ zoom })),
      buttons(
        button("photo-move", "wallpaper", "Move the photo", () => commands.tool(other), {
          text: true, pressed: tool === "photo", tip: "Drag the photo, pinch or Ctrl+wheel to resize it (B)",
        }),
        button("photo-reset", "fit_screen", "Fit again", () => photo.reset(), { text: true }),
      ),
    ];
  }
}

const hides = (person) => Object.values(person).some((joints) => joints?.some((joint) => joint && !joint[3]));

const note = (text) => h("p", { class: "label" }, text);
const buttons = (...content) => h("div", { class: "buttons" }, content);

const chips = (label, content, kind = "") =>
  h("div", { class: `chips ${kind}`, role: "group", "aria-label": label }, content);

function chip(id, label, onclick, { picture, pressed } = {}) {
  const state = pressed === undefined ? undefined : String(pressed);
  const attributes = { type: "button", class: "chip", "data-id": id, "aria-pressed": state, onclick };
  return h("button", attributes, picture?.cloneNode(true), h("span", {}, label));
}

const fold = (title, content, open = false) => h("details", { open }, h("summary", {}, title), content);

/** A small picture per gesture and expression, from the same points that are placed. */
function thumbnails(skeleton) {
  const found = {};
  for (const [name, { points }] of Object.entries(skeleton.gestures)) {
    const up = points.map(([x, y]) => [x, -y]);
    found[name] = sketch(Object.values(skeleton.hand.fingers).map((finger) => [0, ...finger].map((at) => up[at])));
  }
  for (const [name, { points }] of Object.entries(skeleton.expressions)) {
    const lines = Object.values(skeleton.face.contours).map(({ joints, closed }) =>
      [...joints, ...(closed ? [joints[0]] : [])].map((at) => points[at]),
    );
    found[name] = sketch(lines.filter((line) => line.length > 1));
  }
  return found;
}
