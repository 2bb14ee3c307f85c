// Mouse, pen and fingers on the canvas. One pointer drags; two fingers zoom and move the view (or the photo). Whatever
// moves is reckoned from the pose at the start of the drag and drawn once per frame; the studio hears of it at the end.

import { dragged } from "./drag.js";
import { distance, middle, moved, scaled, turned, withPerson } from "./figure.js";
import { limbAt, jointAt, knobAt, personAt } from "./reach.js";
import { panning, pinching, placingPhoto } from "./viewing.js";

const THRESHOLD = 3;

export class Pointer {
  constructor(editor) {
    this.editor = editor;
    this.down = new Map();
    this.drag = null;
    const { canvas } = editor;
    canvas.onpointerdown = (event) => this.press(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = (event) => this.lift(event);
    canvas.onpointercancel = () => this.abandon();
    canvas.oncontextmenu = (event) => this.menu(event);
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    // One finger on the empty canvas scrolls the page; on a joint, or with a second finger, it is ours.
    canvas.addEventListener("touchstart", (event) => this.claims() && event.preventDefault(), { passive: false });
  }

  claims() {
    return this.down.size > 1 || Boolean(this.drag);
  }

  at({ clientX, clientY }) {
    const { left, top } = this.editor.canvas.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  press(event) {
    const screen = this.at(event);
    const { editor } = this;
    editor.canvas.focus({ preventScroll: true });
    editor.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, screen);
    if (this.down.size === 2) {
      this.restore();
      this.drag = pinching(editor, this.down);
    } else if (this.down.size === 1 && event.button !== 2) {
      this.drag = this.begin(screen, event);
    }
    if (event.pointerType !== "touch") event.preventDefault();
  }

  begin(screen, event) {
    const { editor } = this;
    const touch = event.pointerType === "touch";
    this.alt = event.altKey;
    if (event.button === 1 || editor.spaceHeld) return panning(editor, screen);
    if (editor.tool === "photo" && editor.photo.ready) return placingPhoto(editor, screen);
    const found = editor.tool === "person" ? this.personDrag(screen, touch) : this.jointDrag(screen, touch);
    if (found) return found;
    if (editor.selection.joint >= 0) editor.select({ joint: -1 });
    return touch && editor.view.fitted ? null : panning(editor, screen);
  }

  jointDrag(screen, touch) {
    const { editor } = this;
    const found = jointAt(editor, screen, touch);
    if (found) {
      editor.select(found);
      const { person: index, part, joint } = found;
      const start = editor.pose.people[index];
      const [x, y] = editor.view.toScreen(start[part][joint]);
      const grip = [x - screen[0], y - screen[1]];
      return this.posing(screen, (now) => {
        const target = editor.view.toPose([now[0] + grip[0], now[1] + grip[1]]);
        return withPerson(editor.pose, index, this.pulled(start, part, joint, target, editor.lock !== this.alt));
      });
    }
    const limb = editor.selection.part === "body" ? limbAt(editor, screen, touch) : -1;
    if (limb < 0) return null;
    editor.select({ person: limb, joint: -1 });
    return this.carrying(screen, limb);
  }

  pulled(person, part, joint, target, lock) {
    return dragged(this.editor.skeleton, person, part, joint, target, lock);
  }

  personDrag(screen, touch) {
    const { editor } = this;
    const knob = knobAt(editor, screen, touch);
    if (knob) return knob.turns ? this.turning(screen, knob) : this.growing(screen, knob);
    const index = editor.selection.part === "body" ? personAt(editor, screen) : editor.selection.person;
    if (index < 0) return null;
    editor.select({ person: index, joint: -1 });
    return this.carrying(screen, index);
  }

  carrying(screen, index) {
    const { editor } = this;
    const person = editor.pose.people[index];
    const parts = editor.ringed;
    return this.posing(screen, (now) => {
      const [dx, dy] = [0, 1].map((axis) => (now[axis] - screen[axis]) / editor.view.scale);
      return withPerson(editor.pose, index, moved(person, dx, dy, parts));
    });
  }

  turning(screen, { box }) {
    const { editor } = this;
    const { person, selection, ringed } = editor;
    const centre = middle(box);
    const angle = (point) => Math.atan2(point[1] - centre[1], point[0] - centre[0]);
    const pivot = editor.view.toPose(centre);
    return this.posing(screen, (now) =>
      withPerson(editor.pose, selection.person, turned(person, pivot, angle(now) - angle(screen), ringed)),
    );
  }

  growing(screen, { box, corner }) {
    const { editor } = this;
    const { person, selection, ringed } = editor;
    const anchor = box.corners[(corner + 2) % 4];
    const pivot = editor.view.toPose(anchor);
    return this.posing(screen, (now) => {
      const factor = Math.min(Math.max(distance(now, anchor) / distance(screen, anchor), 0.05), 20);
      return withPerson(editor.pose, selection.person, scaled(person, pivot, factor, ringed));
    });
  }

  /** A drag that changes the pose: `next(screen)` is the pose for where the pointer is now. */
  posing(screen, next) {
    const { editor } = this;
    return {
      screen,
      to: (now) => (editor.shown = next(now)),
      end: () => {
        const pose = editor.shown;
        editor.shown = null;
        if (pose) editor.commit(pose);
      },
    };
  }

  move(event) {
    const screen = this.at(event);
    if (this.down.has(event.pointerId)) this.down.set(event.pointerId, screen);
    if (!this.drag) {
      this.hover(screen, event);
      return;
    }
    this.drag.now = screen;
    this.alt = event.altKey;
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.advance();
    });
  }

  /** The drag follows the pointer, once it has really moved. */
  advance() {
    const { drag, editor } = this;
    if (!drag?.now) return;
    drag.begun ||= !drag.screen || distance(drag.now, drag.screen) >= THRESHOLD;
    if (drag.begun) drag.to(drag.now);
    editor.repaint();
  }

  hover(screen, event) {
    const { editor } = this;
    if (event.pointerType !== "mouse") return;
    const over = editor.tool === "person" ? knobAt(editor, screen, false) : jointAt(editor, screen, false);
    editor.canvas.style.cursor = over ? "grab" : "default";
  }

  lift(event) {
    this.advance();
    this.down.delete(event.pointerId);
    const { drag } = this;
    this.drag = null;
    drag?.end();
  }

  abandon() {
    this.down.clear();
    this.restore();
  }

  /** Give up the drag: the pose is as it was. */
  restore() {
    this.drag = null;
    this.editor.shown = null;
    this.editor.repaint();
  }

  menu(event) {
    event.preventDefault();
    const found = jointAt(this.editor, this.at(event), false);
    if (!found || this.drag?.begun) return;
    this.restore();
    this.editor.select(found);
    this.editor.commands.toggleJoint();
  }

  wheel(event) {
    const { photo, view, tool } = this.editor;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * 0.002);
    if (tool === "photo" && photo.ready) photo.scale(factor, view.toPose(this.at(event)));
    else view.zoom(factor, this.at(event));
    this.editor.repaint();
  }
}
