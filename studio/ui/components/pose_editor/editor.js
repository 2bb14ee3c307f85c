// The editor of one pose: what is shown, what is chosen, and the way to and from the studio.
//
// The pose travels to Python when a hand is lifted or a command is done, never while something moves. Python answers
// with a new `revision` only when the pose is another than the one sent: a library pose, a gesture, a refusal.

import { Commands } from "./commands.js";
import { PARTS, same, settled } from "./figure.js";
import { recalled, store } from "./history.js";
import { listenToKeys } from "./keys.js";
import { paint } from "./paint.js";
import { Panel } from "./panel.js";
import { Photo } from "./photo.js";
import { Pointer } from "./pointer.js";
import { frame } from "./toolbar.js";
import { View } from "./view.js";

const editors = new WeakMap();
const skeleton = fetch(new URL("./skeleton.json", import.meta.url)).then((answer) => answer.json());
const TYPING_MS = 350;

export async function mount(component) {
  const known = await skeleton;
  const host = component.parentElement.querySelector(".pose-editor");
  const editor = editors.get(host) ?? new Editor(host, component.data, known);
  editors.set(host, editor);
  editor.receive(component);
  return () => editor.leave();
}

class Editor {
  constructor(host, data, known) {
    this.skeleton = known;
    this.key = data.key;
    this.revision = data.revision;
    this.history = recalled(data.key, data.pose);
    this.view = new View();
    this.selection = { person: this.history.pose.people.length - 1, part: "body", joint: -1 };
    this.tool = "joints";
    this.lock = true;
    this.shown = null;
    this.sent = data.seen;
    this.photo = new Photo(this);
    this.commands = new Commands(this);
    Object.assign(this, frame(this, host));
    this.panel = new Panel(this);
    this.pointer = new Pointer(this);
    listenToKeys(this, host);
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.stage);
    this.hide = () => store(this.key);
    window.addEventListener("pagehide", this.hide);
  }

  get pose() {
    return this.history.pose;
  }

  get person() {
    return this.pose.people[this.selection.person] ?? null;
  }

  /** The parts that person-wide commands act on: all of them, or the hand or face that is looked at from close by. */
  get ringed() {
    return this.selection.part === "body" ? PARTS : [this.selection.part];
  }

  receive(component) {
    this.component = component;
    const { data } = component;
    this.data = data;
    if (data.revision !== this.revision) this.adopt(data);
    this.stage.style.setProperty("--stage-height", `${data.height}px`);
    this.stage.style.setProperty("--stage-aspect", this.pose.height / this.pose.width);
    this.photo.open(data.background_url);
    this.panel.showMap(data.map_url, this.current);
    this.refresh();
  }

  get current() {
    return this.data.seen === this.sent && !this.timer;
  }

  adopt({ revision, pose }) {
    this.revision = revision;
    const before = this.pose;
    const had = this.person?.[this.selection.part];
    this.pointer?.abandon();
    this.history.push(pose);
    if (before.people.length !== pose.people.length) this.selection.person = pose.people.length - 1;
    if (before.width !== pose.width || before.height !== pose.height) this.view.fit(pose);
    if (!had && this.selection.part !== "body") this.view.focus(pose, this.person, this.selection.part);
  }

  /** Take `pose` as the next step of the history and tell the studio. `merge` names a run of small steps that count
   * as one; `command` asks Python to do more with the pose. */
  commit(pose, { merge = null, command = null } = {}) {
    const next = settled(pose);
    const now = performance.now();
    if (merge && merge === this.merging?.name && now - this.merging.at < 1000) {
      this.history.pose = next;
      this.history.future = [];
    } else if (!this.history.push(next) && !command) {
      this.refresh();
      return;
    }
    this.merging = merge ? { name: merge, at: now } : null;
    this.changed({ command, soon: !merge });
  }

  changed({ command = null, soon = true } = {}) {
    const count = this.pose.people.length;
    if (this.selection.person >= count) this.selection = { ...this.selection, person: count - 1, joint: -1 };
    if (!this.person?.[this.selection.part]?.[this.selection.joint]) this.selection.joint = -1;
    clearTimeout(this.timer);
    this.timer = soon ? null : setTimeout(() => this.send(), TYPING_MS);
    if (soon) this.send(command);
    this.stage.style.setProperty("--stage-aspect", this.pose.height / this.pose.width);
    this.panel.showMap(this.data.map_url, false);
    this.refresh();
  }

  send(command = null) {
    clearTimeout(this.timer);
    this.timer = null;
    this.sent = `${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    const { pose, revision, sent: seq } = this;
    this.component.setStateValue("edit", { seq, revision, pose, command });
  }

  /** What waits for more of its kind goes now. */
  flush() {
    if (this.timer) this.send();
  }

  step(way) {
    this.flush();
    this.merging = null;
    const before = this.pose;
    if (!this.history[way]()) return;
    if (before.width !== this.pose.width || before.height !== this.pose.height) this.view.fit(this.pose);
    this.changed();
  }

  select(changes) {
    const before = this.selection;
    this.selection = { ...before, ...changes };
    if (!same(before, this.selection)) this.refresh();
  }

  /** Draw the canvas with the next frame. */
  repaint() {
    this.frameAsked ??= requestAnimationFrame(() => {
      this.frameAsked = null;
      paint(this);
    });
  }

  refresh() {
    this.repaint();
    this.panel?.refresh();
    this.updateToolbar?.();
  }

  resized() {
    const { clientWidth, clientHeight } = this.stage;
    if (!clientWidth || !clientHeight) return;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.view.resize(clientWidth, clientHeight, this.pose);
    paint(this);
  }

  leave() {
    this.flush();
    store(this.key);
    this.watch.disconnect();
    window.removeEventListener("pagehide", this.hide);
  }
}
