// Where the canvas of the pose lies on the screen: `scale` screen pixels per pose pixel, its corner at (x, y).

import { bounds } from "./figure.js";

const MARGIN = 14;
const [CLOSEST, WIDEST] = [40, 0.02];

export class View {
  constructor() {
    this.width = 1;
    this.height = 1;
    this.fitted = true;
    Object.assign(this, { scale: 1, x: 0, y: 0 });
  }

  resize(width, height, pose) {
    const [dx, dy] = [(width - this.width) / 2, (height - this.height) / 2];
    Object.assign(this, { width, height });
    if (this.fitted) this.fit(pose);
    else Object.assign(this, { x: this.x + dx, y: this.y + dy });
  }

  fit(pose) {
    this.show({ left: 0, top: 0, right: pose.width, bottom: pose.height }, MARGIN);
    this.fitted = true;
  }

  /** Bring this box of the pose into view. */
  show(box, margin) {
    const wide = Math.max(box.right - box.left, 1);
    const high = Math.max(box.bottom - box.top, 1);
    const scale = Math.min((this.width - 2 * margin) / wide, (this.height - 2 * margin) / high);
    this.scale = Math.min(Math.max(scale, WIDEST), CLOSEST);
    this.x = this.width / 2 - ((box.left + box.right) / 2) * this.scale;
    this.y = this.height / 2 - ((box.top + box.bottom) / 2) * this.scale;
    this.fitted = false;
  }

  /** A hand or face from close by; the whole canvas for the body. */
  focus(pose, person, part) {
    const box = part === "body" ? null : bounds(person, [part]);
    if (box) this.show(box, Math.min(this.width, this.height) * 0.16);
    else this.fit(pose);
  }

  zoom(factor, at = [this.width / 2, this.height / 2]) {
    const scale = Math.min(Math.max(this.scale * factor, WIDEST), CLOSEST);
    const real = scale / this.scale;
    this.x = at[0] - (at[0] - this.x) * real;
    this.y = at[1] - (at[1] - this.y) * real;
    this.scale = scale;
    this.fitted = false;
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.fitted = false;
  }

  toScreen([x, y]) {
    return [this.x + x * this.scale, this.y + y * this.scale];
  }

  toPose([x, y]) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }
}
