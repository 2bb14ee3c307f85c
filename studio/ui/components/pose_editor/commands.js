// Everything a person can do to the pose besides dragging; buttons and keys call the same.

import {
  bounds, completed, middle, moved, newcomer, onCanvas, PARTS, reordered, scaled, turned, withJoint, without,
  withPerson,
} from "./figure.js";
import { mirroredPerson, mirroredPose, symmetric, turnedOver } from "./mirror.js";

const ASIDE = 0.06;

export class Commands {
  constructor(editor) {
    this.editor = editor;
  }

  undo = () => this.editor.step("undo");
  redo = () => this.editor.step("redo");

  add = () => {
    const { pose, data } = this.editor;
    if (this.full()) return;
    this.editor.selection = { person: pose.people.length, part: "body", joint: -1 };
    this.editor.commit({ ...pose, people: [...pose.people, newcomer(data.figure, pose)] });
  };

  duplicate = (index = this.editor.selection.person) => {
    const { pose } = this.editor;
    if (!pose.people[index] || this.full()) return;
    const twin = moved(pose.people[index], pose.width * ASIDE, 0);
    this.editor.selection = { person: pose.people.length, part: "body", joint: -1 };
    this.editor.commit({ ...pose, people: [...pose.people, twin] });
  };

  full() {
    const { pose, skeleton } = this.editor;
    const full = pose.people.length >= skeleton.limits.people;
    if (full) this.editor.say(`A pose holds up to ${skeleton.limits.people} people.`);
    return full;
  }

  remove = (index = this.editor.selection.person) => {
    const { pose } = this.editor;
    if (!pose.people[index]) return;
    this.editor.selection = { person: Math.max(index - 1, 0), part: "body", joint: -1 };
    this.editor.commit(without(pose, index));
  };

  /** One place nearer (1) or farther (-1). */
  depth = (step, index = this.editor.selection.person) => {
    const { pose } = this.editor;
    const to = index + step;
    if (!pose.people[index] || !pose.people[to]) return;
    this.editor.selection = { ...this.editor.selection, person: to };
    this.editor.commit(reordered(pose, index, to));
  };

  mirror = () => this.alter((person) => mirroredPerson(this.editor.skeleton, person));
  mirrorPicture = () => this.editor.commit(mirroredPose(this.editor.skeleton, this.editor.pose));
  copySide = (from) => this.alter((person) => symmetric(this.editor.skeleton, person, from));
  turnOver = (part) => this.alter((person) => turnedOver(person, part));
  complete = () => this.alter((person) => completed(person, this.editor.data.figure.people[0]));

  turn = (degrees) => {
    const angle = (degrees * Math.PI) / 180;
    this.alter((person, parts) => turned(person, middle(bounds(person, parts)), angle, parts), "turn");
  };

  grow = (factor) =>
    this.alter((person, parts) => scaled(person, middle(bounds(person, parts)), factor, parts), "grow");

  /** The chosen joint as a drag would move it, or the person, by so many pixels. */
  nudge = (dx, dy) => {
    const { selection, tool } = this.editor;
    const joint = this.joint();
    if (joint && tool === "joints") this.place(joint[0] + dx, joint[1] + dy, "nudge");
    else if (selection.person >= 0) this.alter((person, parts) => moved(person, dx, dy, parts), "nudge");
  };

  place = (x, y, merge = null) => {
    const { editor } = this;
    const { person: index, part, joint } = editor.selection;
    const person = editor.pointer.pulled(editor.person, part, joint, [x, y], editor.lock);
    editor.commit(withPerson(editor.pose, index, person), { merge: merge && `${merge} ${index} ${part} ${joint}` });
  };

  toggleJoint = () => {
    const joint = this.joint();
    const { part, joint: index } = this.editor.selection;
    if (joint) this.alter((person) => withJoint(person, part, index, [joint[0], joint[1], joint[2], !joint[3]]));
  };

  showAll = () => {
    const shown = (joints) => joints && joints.map((joint) => joint && [joint[0], joint[1], joint[2], true]);
    this.alter((person) => Object.fromEntries(PARTS.map((part) => [part, shown(person[part])])));
  };

  removePart = (part) => {
    this.alter((person) => ({ ...person, [part]: null }));
    this.focus("body");
  };

  /** What Python does with the chosen person: a gesture, an expression, proportions. */
  ask = (name, value, side = null) => {
    const { pose, selection, person } = this.editor;
    if (person) this.editor.commit(pose, { command: { name, value, side, person: selection.person } });
  };

  canvas = (width, height) => {
    const { pose } = this.editor;
    const side = (value) => Math.min(Math.max(Math.round(value), 64), 4096);
    const resized = onCanvas(pose, side(width), side(height));
    this.editor.commit(resized);
    this.editor.view.fit(resized);
    this.editor.repaint();
  };

  focus = (part) => {
    const { editor } = this;
    if (!editor.person && part !== "body") return;
    editor.selection = { ...editor.selection, part, joint: -1 };
    editor.view.focus(editor.pose, editor.person, part);
    editor.refresh();
  };

  tool = (tool) => {
    this.editor.tool = tool;
    this.editor.refresh();
  };

  toggleLock = () => {
    this.editor.lock = !this.editor.lock;
    this.editor.refresh();
  };

  nextJoint = (step) => this.cycle(this.editor.person?.[this.editor.selection.part], "joint", step);

  nextPerson = (step) => {
    this.editor.select({ joint: -1 });
    this.cycle(this.editor.pose.people, "person", step);
  };

  cycle(list, name, step) {
    const there = (list ?? []).flatMap((each, at) => (each ? [at] : []));
    if (!there.length) return;
    const at = there.indexOf(this.editor.selection[name]);
    const next = at < 0 ? (step > 0 ? 0 : there.length - 1) : (at + step + there.length) % there.length;
    this.editor.select({ [name]: there[next] });
  }

  escape = () => {
    const { selection } = this.editor;
    if (selection.joint >= 0) this.editor.select({ joint: -1 });
    else if (selection.part !== "body") this.focus("body");
    else this.tool("joints");
  };

  zoom = (factor) => {
    this.editor.view.zoom(factor);
    this.editor.repaint();
  };

  fit = () => {
    this.editor.view.focus(this.editor.pose, this.editor.person, this.editor.selection.part);
    this.editor.repaint();
  };

  joint() {
    const { person, selection } = this.editor;
    return person?.[selection.part]?.[selection.joint] ?? null;
  }

  alter(change, merge = null) {
    const { editor } = this;
    const { person, selection } = editor;
    if (!person || !bounds(person, editor.ringed)) return;
    const next = withPerson(editor.pose, selection.person, change(person, editor.ringed));
    editor.commit(next, { merge: merge && `${merge} ${selection.person}` });
  }
}
