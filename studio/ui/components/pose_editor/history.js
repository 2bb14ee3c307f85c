// Undo and redo: a hundred steps each way, kept over a change of page and a reload of this tab.

import { same } from "./figure.js";

const STEPS = 100;

export class History {
  constructor(pose) {
    this.pose = pose;
    this.past = [];
    this.future = [];
  }

  /** Whether `pose` was something new. */
  push(pose) {
    if (same(pose, this.pose)) return false;
    this.past = [...this.past, this.pose].slice(-STEPS);
    this.future = [];
    this.pose = pose;
    return true;
  }

  undo() {
    if (!this.past.length) return false;
    this.future.push(this.pose);
    this.pose = this.past.pop();
    return true;
  }

  redo() {
    if (!this.future.length) return false;
    this.past.push(this.pose);
    this.pose = this.future.pop();
    return true;
  }
}

const kept = new Map();
const slot = (key) => `pose-editor.history.${key}`;

/** The history of this editor from before, brought up to `pose`; a new one where there is none. */
export function recalled(key, pose) {
  let history = kept.get(key) ?? stored(key);
  if (history) history.push(pose);
  else history = new History(pose);
  kept.set(key, history);
  return history;
}

function stored(key) {
  try {
    const found = JSON.parse(sessionStorage.getItem(slot(key)));
    if (!Array.isArray(found?.past) || !Array.isArray(found.future) || !found.pose?.people) return null;
    return Object.assign(new History(found.pose), { past: found.past, future: found.future });
  } catch {
    return null;
  }
}

/** Before the tab reloads. Without room for it the pose itself is still safe: the studio has it. */
export function store(key) {
  const history = kept.get(key);
  try {
    if (history) sessionStorage.setItem(slot(key), JSON.stringify(history));
  } catch {
    sessionStorage.removeItem(slot(key));
  }
}
