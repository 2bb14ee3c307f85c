// A pose as plain values: {width, height, people: [{body, left_hand, right_hand, face}]}, a joint [x, y, confidence,
// visible] or null. Nothing here changes what it is given; every change is a new value, so undo is a list of poses.

export const PARTS = ["body", "left_hand", "right_hand", "face"];
export const FARTHEST = 100000;

export const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const rounded = (value) => Math.round(value * 100) / 100 + 0;

/** `move(x, y)` applied to the joints of these parts. */
export function mapped(person, move, parts = PARTS) {
  const changed = { ...person };
  for (const part of parts) {
    if (person[part]) changed[part] = person[part].map((joint) => joint && placed(joint, ...move(joint[0], joint[1])));
  }
  return changed;
}

export const placed = (joint, x, y) => [x, y, joint[2], joint[3]];
export const moved = (person, dx, dy, parts) => mapped(person, (x, y) => [x + dx, y + dy], parts);

export function turned(person, [cx, cy], angle, parts) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return mapped(person, (x, y) => [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos], parts);
}

export function scaled(person, [cx, cy], factor, parts) {
  return mapped(person, (x, y) => [cx + (x - cx) * factor, cy + (y - cy) * factor], parts);
}

/** Bounds of the joints there are, drawn or hidden; null where there are none. */
export function bounds(person, parts = PARTS) {
  const joints = parts.flatMap((part) => person?.[part] ?? []).filter(Boolean);
  if (!joints.length) return null;
  const [xs, ys] = [joints.map((joint) => joint[0]), joints.map((joint) => joint[1])];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

export const middle = (box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];

export function withPerson(pose, index, person) {
  return { ...pose, people: pose.people.map((each, at) => (at === index ? person : each)) };
}

export function withJoint(person, part, index, joint) {
  return { ...person, [part]: person[part].map((each, at) => (at === index ? joint : each)) };
}

export function without(pose, index) {
  return { ...pose, people: pose.people.filter((_, at) => at !== index) };
}

/** The person taken from its place in depth to another; the last is in front. */
export function reordered(pose, from, to) {
  const people = [...pose.people];
  people.splice(to, 0, ...people.splice(from, 1));
  return { ...pose, people };
}

/** As it is stored: hundredths of a pixel, and nothing farther away than a file may say. */
export function settled(pose) {
  const near = (value) => rounded(Math.min(Math.max(value, -FARTHEST), FARTHEST));
  return { ...pose, people: pose.people.map((person) => mapped(person, (x, y) => [near(x), near(y)])) };
}

/** On another canvas: fitted inside it, aspect kept, centred. */
export function onCanvas(pose, width, height) {
  const scale = Math.min(width / pose.width, height / pose.height);
  const [left, top] = [(width - pose.width * scale) / 2, (height - pose.height * scale) / 2];
  const people = pose.people.map((each) => mapped(each, (x, y) => [x * scale + left, y * scale + top]));
  return { width, height, people };
}

/** A new figure for `pose` from the one on its own canvas, beside those who are there already. */
export function newcomer(figure, pose) {
  const [person] = onCanvas(figure, pose.width, pose.height).people;
  const box = bounds(person);
  const taken = pose.people.map((each) => bounds(each)).filter(Boolean);
  const centre = middle(box)[0];
  const half = (box.right - box.left) / 2;
  const places = [0, -0.25, 0.25, -0.38, 0.38, -0.12, 0.12].map((share) => pose.width * share);
  const room = (shift) =>
    Math.min(...taken.map((other) => Math.abs(middle(other)[0] - centre - shift)), Number.MAX_VALUE);
  const shift = places.find((each) => room(each) > half) ?? places.reduce((a, b) => (room(b) > room(a) ? b : a));
  return moved(person, shift, 0);
}

/** `person` with every body joint: those it lacks come from `figure`, laid over it by what both have. */
export function completed(person, figure) {
  const shared = person.body.flatMap((joint, at) => (joint && figure.body[at] ? [at] : []));
  if (!shared.length) return person;
  const mean = (body, axis) => shared.reduce((sum, at) => sum + body[at][axis], 0) / shared.length;
  const [mine, theirs] = [person.body, figure.body].map((body) => [mean(body, 0), mean(body, 1)]);
  const spread = (body, centre) => shared.reduce((sum, at) => sum + distance(body[at], centre), 0);
  const scale = spread(person.body, mine) / spread(figure.body, theirs) || 1;
  const body = person.body.map((joint, at) => {
    const other = figure.body[at];
    if (joint || !other) return joint;
    return [mine[0] + (other[0] - theirs[0]) * scale, mine[1] + (other[1] - theirs[1]) * scale, 1, true];
  });
  return { ...person, body };
}

export function same(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
