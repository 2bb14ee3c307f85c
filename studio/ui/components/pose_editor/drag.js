// What dragging one joint does. Always reckoned from the person as it was when the drag began, so nothing drifts.
//
// Locked: bones keep their lengths. Wrists and ankles pull their limb along (two bones, the bend stays on its side),
// elbows and knees swing what hangs on them, shoulders and hips carry their limb, the nose turns the head, the neck
// carries everyone. Free: the joint goes where it is put, and only a wrist takes its hand along.

import { distance, moved, placed, turned, withJoint } from "./figure.js";

const NECK = 1;
const NOSE = 0;
const GIRDLE = [2, 5, 8, 11];

export function dragged(skeleton, person, part, joint, target, lock) {
  if (part === "body") return (lock ? lockedBody : freeBody)(skeleton, person, joint, target);
  if (part === "face") return face(skeleton, person, joint, target, lock);
  return hand(skeleton, person, part, joint, target, lock);
}

function freeBody(skeleton, person, joint, [x, y]) {
  const changed = withJoint(person, "body", joint, placed(person.body[joint], x, y));
  return withHands(skeleton, person, changed);
}

function lockedBody(skeleton, person, joint, target) {
  const limb = Object.values(skeleton.body.chains).find((chain) => chain[2] === joint);
  if (limb && limb.every((at) => person.body[at])) return withHands(skeleton, person, reached(person, limb, target));
  const parent = ancestor(skeleton, person.body, joint);
  const from = person.body[joint];
  if (parent === null) return moved(person, target[0] - from[0], target[1] - from[1]);
  const pivot = person.body[parent];
  const [x, y] = onCircle(pivot, from, target);
  const followers = descendants(skeleton, joint);
  if (GIRDLE.includes(joint)) {
    const carried = moveJoints(person, followers, (px, py) => [px + x - from[0], py + y - from[1]]);
    return withHands(skeleton, person, carried);
  }
  const angle = Math.atan2(y - pivot[1], x - pivot[0]) - Math.atan2(from[1] - pivot[1], from[0] - pivot[0]);
  const swung = moveJoints(person, followers, (px, py) => around(pivot, angle, px, py));
  const whole = joint === NOSE && person.face ? turned(swung, pivot, angle, ["face"]) : swung;
  return withHands(skeleton, person, whole);
}

/** The limb's end at `target`, or as near as its two bones let it come. */
export function reached(person, [root, bend, end], target) {
  const [r, m, e] = [root, bend, end].map((at) => person.body[at]);
  const [upper, lower] = [distance(r, m), distance(m, e)];
  const far = Math.min(Math.max(distance(r, target), Math.abs(upper - lower)), upper + lower);
  const towards = distance(r, target) > 1e-6 ? target : e;
  const heading = Math.atan2(towards[1] - r[1], towards[0] - r[0]);
  const cross = (e[0] - r[0]) * (m[1] - r[1]) - (e[1] - r[1]) * (m[0] - r[0]);
  const side = cross >= 0 ? 1 : -1;
  const opening = far * upper > 1e-9 ? (upper * upper + far * far - lower * lower) / (2 * upper * far) : 1;
  const angle = heading + side * Math.acos(Math.min(Math.max(opening, -1), 1));
  const joint = [r[0] + Math.cos(angle) * upper, r[1] + Math.sin(angle) * upper];
  const tip = [r[0] + Math.cos(heading) * far, r[1] + Math.sin(heading) * far];
  const bent = withJoint(person, "body", bend, placed(m, ...joint));
  return withJoint(bent, "body", end, placed(e, ...tip));
}

/** The hands go with their wrists and turn with their forearms. */
function withHands(skeleton, before, after) {
  let changed = after;
  for (const side of ["left", "right"]) {
    const part = `${side}_hand`;
    const [, elbow, wrist] = skeleton.body.chains[`${side}_arm`];
    const [from, to] = [before.body[wrist], after.body[wrist]];
    if (!before[part] || !from || !to) continue;
    const [start, stop] = [before.body[elbow], after.body[elbow]];
    const angle = start && stop ? heading(stop, to) - heading(start, from) : 0;
    const carried = moved(before, to[0] - from[0], to[1] - from[1], [part]);
    changed = { ...changed, [part]: turned(carried, to, angle, [part])[part] };
  }
  return changed;
}

function hand(skeleton, person, part, joint, [x, y], lock) {
  const from = person[part][joint];
  if (joint === 0) return moved(person, x - from[0], y - from[1], [part]);
  const finger = Object.values(skeleton.hand.fingers).find((each) => each.includes(joint));
  const place = finger.indexOf(joint);
  const pivot = person[part][place ? finger[place - 1] : 0];
  if (!lock || !pivot) return withJoint(person, part, joint, placed(from, x, y));
  const angle = heading(pivot, [x, y]) - heading(pivot, from);
  const moving = new Set(finger.slice(place));
  const joints = person[part].map((each, at) =>
    each && moving.has(at) ? placed(each, ...around(pivot, angle, each[0], each[1])) : each,
  );
  return { ...person, [part]: joints };
}

/** Locked, the neighbours along the same feature give way softly; free, the point goes alone. */
function face(skeleton, person, joint, [x, y], lock) {
  const from = person.face[joint];
  const [dx, dy] = [x - from[0], y - from[1]];
  const contour = Object.values(skeleton.face.contours).find(({ joints }) => joints.includes(joint));
  const share = (at) => {
    if (at === joint) return 1;
    if (!lock || !contour?.joints.includes(at)) return 0;
    const { joints: points, closed } = contour;
    const apart = Math.abs(points.indexOf(at) - points.indexOf(joint));
    const steps = closed ? Math.min(apart, points.length - apart) : apart;
    return Math.max(0, 1 - steps / 3) ** 2;
  };
  const joints = person.face.map((each, at) => {
    const part = each ? share(at) : 0;
    return part ? placed(each, each[0] + dx * part, each[1] + dy * part) : each;
  });
  return { ...person, face: joints };
}

const heading = (from, to) => Math.atan2(to[1] - from[1], to[0] - from[0]);

function around([cx, cy], angle, x, y) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos];
}

function onCircle(centre, from, target) {
  const radius = distance(centre, from);
  const angle = distance(centre, target) > 1e-6 ? heading(centre, target) : heading(centre, from);
  return [centre[0] + Math.cos(angle) * radius, centre[1] + Math.sin(angle) * radius];
}

function moveJoints(person, indices, move) {
  const body = person.body.map((joint, at) =>
    joint && indices.has(at) ? placed(joint, ...move(joint[0], joint[1])) : joint,
  );
  return { ...person, body };
}

/** The nearest joint up the bone tree that this person has. */
function ancestor(skeleton, body, joint) {
  let parent = skeleton.body.parents[joint];
  while (parent !== null && !body[parent]) parent = skeleton.body.parents[parent];
  return joint === NECK ? null : parent;
}

function descendants(skeleton, joint) {
  const found = new Set([joint]);
  for (let grown = true; grown; ) {
    grown = false;
    skeleton.body.parents.forEach((parent, at) => {
      if (parent !== null && found.has(parent) && !found.has(at)) grown = Boolean(found.add(at));
    });
  }
  return found;
}
