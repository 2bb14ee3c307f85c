// Mirroring that mirrors: the figure is seen the other way round, and its right becomes its left, so a figure that
// faces the viewer still does.

import { bounds, mapped } from "./figure.js";

const swapped = (joints, order) => joints && order.map((at) => joints[at]);

function relabelled(skeleton, person) {
  const body = person.body.map((_, at) => at);
  for (const [right, left] of skeleton.body.pairs) [body[right], body[left]] = [left, right];
  return {
    body: swapped(person.body, body),
    left_hand: person.right_hand,
    right_hand: person.left_hand,
    face: swapped(person.face, skeleton.face.mirror),
  };
}

/** One person, mirrored in place. Twice is the person as it was. */
export function mirroredPerson(skeleton, person) {
  const box = bounds(person);
  return box ? flipped(skeleton, person, box.left + box.right) : person;
}

/** The whole picture. */
export function mirroredPose(skeleton, pose) {
  return { ...pose, people: pose.people.map((person) => flipped(skeleton, person, pose.width)) };
}

function flipped(skeleton, person, twice) {
  return relabelled(skeleton, mapped(person, (x, y) => [twice - x, y]));
}

/** One side's arm, leg, eye, ear and hand copied onto the other, across the line from neck to hips. */
export function symmetric(skeleton, person, from) {
  const other = relabelled(skeleton, mapped(person, reflection(person.body)));
  const taken = skeleton.body.pairs.map(([right, left]) => (from === "left" ? right : left));
  const body = person.body.map((joint, at) => (taken.includes(at) ? (other.body[at] ?? joint) : joint));
  const part = from === "left" ? "right_hand" : "left_hand";
  return { ...person, body, [part]: other[part] ?? person[part] };
}

function reflection(body) {
  const neck = body[1];
  const hips = [body[8], body[11]].filter(Boolean);
  const origin = neck ?? hips[0] ?? body.find(Boolean) ?? [0, 0];
  const low = hips.length ? [0, 1].map((axis) => hips.reduce((sum, hip) => sum + hip[axis], 0) / hips.length) : null;
  const upright = !neck || !low || Math.hypot(low[0] - neck[0], low[1] - neck[1]) < 1;
  const [ax, ay] = upright ? [0, 1] : [low[0] - neck[0], low[1] - neck[1]];
  return across(origin, [ax, ay]);
}

/** Reflection across the line through `origin` along (ax, ay). */
function across(origin, [ax, ay]) {
  const length = Math.hypot(ax, ay) || 1;
  const [ux, uy] = [ax / length, ay / length];
  return (x, y) => {
    const [dx, dy] = [x - origin[0], y - origin[1]];
    const along = dx * ux + dy * uy;
    return [origin[0] + 2 * along * ux - dx, origin[1] + 2 * along * uy - dy];
  };
}

/** A hand turned over: the thumb to its other side, across the line from the wrist to the middle finger's knuckle. */
export function turnedOver(person, part) {
  const [wrist, knuckle] = [person[part][0], person[part][9] ?? person[part].find((joint, at) => at && joint)];
  if (!wrist || !knuckle) return person;
  return mapped(person, across(wrist, [knuckle[0] - wrist[0], knuckle[1] - wrist[1]]), [part]);
}
