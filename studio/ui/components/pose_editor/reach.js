// What lies under the pointer. A finger reaches farther than a mouse; the chosen person and those in front come first.

import { bounds, distance } from "./figure.js";
import { boxOf } from "./paint.js";

const JOINT = { mouse: 12, finger: 24 };
const LIMB = { mouse: 8, finger: 16 };
const KNOB = { mouse: 12, finger: 24 };
const reach = (kind, touch) => (touch ? kind.finger : kind.mouse);

/** {person, part, joint} of the nearest joint within reach, or null. */
export function jointAt(editor, screen, touch) {
  const { pose, selection, view } = editor;
  const { part } = selection;
  let best = null;
  pose.people.forEach((person, index) => {
    if (part !== "body" && index !== selection.person) return;
    (person[part] ?? []).forEach((joint, at) => {
      if (!joint) return;
      const away = distance(view.toScreen(joint), screen);
      if (away > reach(JOINT, touch)) return;
      const rank = away - (index === selection.person ? 4 : 0) - index * 0.01;
      if (!best || rank < best.rank) best = { rank, found: { person: index, part, joint: at } };
    });
  });
  return best?.found ?? null;
}

/** The person whose stick is under the pointer, the front one first; -1 for none. */
export function limbAt(editor, screen, touch) {
  const { pose, view, skeleton } = editor;
  for (let index = pose.people.length - 1; index >= 0; index -= 1) {
    const { body } = pose.people[index];
    const hit = skeleton.body.limbs.some(
      ([from, to]) =>
        body[from] && body[to] &&
        toSegment(screen, view.toScreen(body[from]), view.toScreen(body[to])) <= reach(LIMB, touch),
    );
    if (hit) return index;
  }
  return -1;
}

/** The person whose box is under the pointer: the chosen one first, then from the front. */
export function personAt({ pose, view, selection }, screen) {
  const [x, y] = view.toPose(screen);
  const within = (person) => {
    const box = bounds(person);
    const room = 12 / view.scale;
    return box && x >= box.left - room && x <= box.right + room && y >= box.top - room && y <= box.bottom + room;
  };
  if (pose.people[selection.person] && within(pose.people[selection.person])) return selection.person;
  return pose.people.findLastIndex(within);
}

/** The knob of the chosen person's box: {box, turns} or {box, corner}; null for none. */
export function knobAt({ view, person, ringed }, screen, touch) {
  const box = person && boxOf(view, person, ringed);
  if (!box) return null;
  if (distance(box.turn, screen) <= reach(KNOB, touch)) return { box, turns: true };
  const corner = box.corners.findIndex((place) => distance(place, screen) <= reach(KNOB, touch));
  return corner < 0 ? null : { box, corner };
}

function toSegment(point, from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const squared = dx * dx + dy * dy;
  const along = squared ? ((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / squared : 0;
  const at = Math.min(Math.max(along, 0), 1);
  return distance(point, [from[0] + dx * at, from[1] + dy * at]);
}
