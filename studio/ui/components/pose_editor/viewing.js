// Drags that leave the pose alone: the view is moved or zoomed, or the photo behind the figures.

import { distance } from "./figure.js";

const nothing = () => {};

export function panning(editor, screen) {
  let last = screen;
  const to = (now) => {
    editor.view.pan(now[0] - last[0], now[1] - last[1]);
    last = now;
  };
  return { screen, to, end: nothing };
}

export function placingPhoto(editor, screen) {
  const { photo, view } = editor;
  const { x, y } = photo;
  return {
    screen,
    to: (now) => photo.set({ x: x + (now[0] - screen[0]) / view.scale, y: y + (now[1] - screen[1]) / view.scale }),
    end: () => editor.refresh(),
  };
}

/** Two fingers; `down` has where every pointer is. */
export function pinching({ view, photo, tool }, down) {
  const measured = () => {
    const [a, b] = [...down.values()];
    return { apart: distance(a, b) || 1, centre: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
  };
  let last = measured();
  const to = () => {
    if (down.size < 2) return;
    const now = measured();
    const factor = now.apart / last.apart;
    if (tool === "photo" && photo.ready) photo.scale(factor, view.toPose(now.centre));
    else {
      view.zoom(factor, last.centre);
      view.pan(now.centre[0] - last.centre[0], now.centre[1] - last.centre[1]);
    }
    last = now;
  };
  return { screen: null, to, end: nothing };
}
