// The editing canvas. Sticks, dots and colours are the control map's own; what is only for the hand that edits (rings,
// box, outlines of a face) is drawn over them in white and blue.

import { bounds } from "./figure.js";

const TURN = Math.PI * 2;
const BOX_ROOM = 14;
export const KNOB = 34;

const colour = ([red, green, blue], alpha = 1) => `rgb(${red} ${green} ${blue} / ${alpha})`;

export function paint(editor) {
  const { canvas, view, history, selection, photo } = editor;
  const context = canvas.getContext("2d");
  const ratio = canvas.width / view.width || 1;
  const pose = editor.shown ?? history.pose;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  const [left, top] = view.toScreen([0, 0]);
  context.fillStyle = "#000";
  context.fillRect(left, top, pose.width * view.scale, pose.height * view.scale);
  if (photo.ready) paintPhoto(context, editor, pose);
  const brush = { context, view, skeleton: editor.skeleton, part: selection.part };
  pose.people.forEach((person, index) => {
    context.globalAlpha = selection.part !== "body" && index !== selection.person ? 0.3 : 1;
    paintPerson(brush, person);
  });
  context.globalAlpha = 1;
  const person = pose.people[selection.person];
  if (person) paintHold(brush, editor, person);
  canvas.dataset.view = `${view.scale} ${view.x} ${view.y}`;
}

function paintPhoto(context, { view, photo }, pose) {
  const { image, opacity, zoom, x, y } = photo;
  const fit = Math.min(pose.width / image.naturalWidth, pose.height / image.naturalHeight) * zoom;
  const [wide, high] = [image.naturalWidth * fit, image.naturalHeight * fit];
  const corner = view.toScreen([(pose.width - wide) / 2 + x, (pose.height - high) / 2 + y]);
  context.save();
  context.beginPath();
  context.rect(...view.toScreen([0, 0]), pose.width * view.scale, pose.height * view.scale);
  context.clip();
  context.globalAlpha = opacity;
  context.drawImage(image, ...corner, wide * view.scale, high * view.scale);
  context.restore();
}

function paintPerson(brush, person) {
  const { context, skeleton, part } = brush;
  const dimmed = context.globalAlpha;
  context.globalAlpha = part === "body" ? dimmed : Math.min(dimmed, 0.45);
  paintBody(brush, person.body);
  for (const side of ["left_hand", "right_hand"]) {
    context.globalAlpha = part === "body" || part === side ? dimmed : Math.min(dimmed, 0.45);
    if (person[side]) paintHand(brush, person[side]);
  }
  context.globalAlpha = part === "body" || part === "face" ? dimmed : Math.min(dimmed, 0.45);
  if (person.face) paintFace(brush, person.face, part === "face" ? skeleton.face.contours : {});
}

function paintBody(brush, joints) {
  const { context, view, skeleton } = brush;
  const { limbs, limb_colours, colours } = skeleton.body;
  const half = Math.max(skeleton.drawing.stick_half_width * view.scale, 1.5);
  limbs.forEach(([from, to], at) => {
    if (drawn(joints[from]) && drawn(joints[to])) {
      stick(context, view.toScreen(joints[from]), view.toScreen(joints[to]), half, colour(limb_colours[at]));
    } else if (joints[from] && joints[to]) {
      ghost(context, view.toScreen(joints[from]), view.toScreen(joints[to]));
    }
  });
  const radius = Math.max(skeleton.drawing.body_dot_radius * view.scale, 2.5);
  joints.forEach((joint, at) => joint && dot(brush, joint, radius, colour(colours[at])));
}

function paintHand(brush, joints) {
  const { context, view, skeleton } = brush;
  const { edges, edge_colours, dot_colour } = skeleton.hand;
  context.lineWidth = Math.max(skeleton.drawing.hand_line_width * view.scale, 1);
  edges.forEach(([from, to], at) => {
    if (drawn(joints[from]) && drawn(joints[to])) {
      line(context, view.toScreen(joints[from]), view.toScreen(joints[to]), colour(edge_colours[at]));
    }
  });
  const radius = Math.min(Math.max(skeleton.drawing.hand_dot_radius * view.scale, 1.5), 9);
  for (const joint of joints) if (joint) dot(brush, joint, radius, colour(dot_colour));
}

function paintFace(brush, joints, contours) {
  const { context, view, skeleton } = brush;
  context.lineWidth = 1;
  for (const { joints: points, closed } of Object.values(contours)) {
    const places = points.map((at) => joints[at]).filter(drawn).map((joint) => view.toScreen(joint));
    if (closed && places.length) places.push(places[0]);
    places.slice(1).forEach((place, at) => line(context, places[at], place, "rgb(124 198 254 / 0.5)"));
  }
  const radius = Math.min(Math.max(skeleton.drawing.face_dot_radius * view.scale, 1.2), 6);
  for (const joint of joints) if (joint) dot(brush, joint, radius, colour(skeleton.face.dot_colour));
}

const drawn = (joint) => joint && joint[3];

function dot({ context, view }, joint, radius, fill) {
  const [x, y] = view.toScreen(joint);
  context.beginPath();
  context.arc(x, y, radius, 0, TURN);
  if (joint[3]) {
    context.fillStyle = fill;
    context.fill();
    return;
  }
  context.setLineDash([2, 2]);
  context.lineWidth = 1.5;
  context.strokeStyle = fill;
  context.stroke();
  context.setLineDash([]);
}

/** The slim ellipse that ControlNet's own drawing makes of a limb. */
function stick(context, from, to, half, fill) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  context.beginPath();
  context.ellipse(
    (from[0] + to[0]) / 2, (from[1] + to[1]) / 2, Math.hypot(dx, dy) / 2, half, Math.atan2(dy, dx), 0, TURN,
  );
  context.fillStyle = fill;
  context.fill();
}

function line(context, from, to, stroke) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.strokeStyle = stroke;
  context.stroke();
}

function ghost(context, from, to) {
  context.setLineDash([3, 5]);
  context.lineWidth = 1;
  line(context, from, to, "rgb(160 165 180 / 0.7)");
  context.setLineDash([]);
}

/** What can be taken hold of: rings around the chosen person's joints, or its box with knobs. */
function paintHold({ context, view }, { selection, tool, ringed }, person) {
  if (tool === "person") {
    paintBox(context, boxOf(view, person, ringed));
    return;
  }
  context.lineWidth = 1.25;
  for (const [at, joint] of (person[selection.part] ?? []).entries()) {
    if (!joint) continue;
    const chosen = at === selection.joint;
    const [x, y] = view.toScreen(joint);
    context.beginPath();
    context.arc(x, y, chosen ? 10 : selection.part === "face" ? 4 : 7, 0, TURN);
    context.lineWidth = chosen ? 2.5 : 1.25;
    context.strokeStyle = chosen ? "#FFFFFF" : "rgb(255 255 255 / 0.55)";
    context.stroke();
  }
}

/** The box around a person (or hand, or face) on the screen, and its knobs: four corners, and one to turn it by. */
export function boxOf(view, person, parts) {
  const around = bounds(person, parts);
  if (!around) return null;
  const [left, top] = view.toScreen([around.left, around.top]).map((value) => value - BOX_ROOM);
  const [right, bottom] = view.toScreen([around.right, around.bottom]).map((value) => value + BOX_ROOM);
  const centre = (left + right) / 2;
  const turnBelow = top - KNOB < 12;
  const turn = turnBelow ? [centre, bottom + KNOB] : [centre, top - KNOB];
  return { left, top, right, bottom, turn, corners: [[left, top], [right, top], [right, bottom], [left, bottom]] };
}

function paintBox(context, box) {
  if (!box) return;
  context.strokeStyle = "#7CC6FE";
  context.lineWidth = 1.5;
  context.strokeRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  line(context, [box.turn[0], box.turn[1] < box.top ? box.top : box.bottom], box.turn, "#7CC6FE");
  for (const [x, y] of [...box.corners, box.turn]) {
    context.beginPath();
    context.arc(x, y, 7, 0, TURN);
    context.fillStyle = "#7CC6FE";
    context.fill();
  }
}
