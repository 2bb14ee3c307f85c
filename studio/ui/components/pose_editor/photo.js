// The photo behind the figures: how strongly it shows, how large, and where. Remembered by its address.

const slot = (url) => `pose-editor.photo.${url}`;
const START = { opacity: 0.6, zoom: 1, x: 0, y: 0 };

export class Photo {
  constructor(editor) {
    this.editor = editor;
    this.url = null;
    Object.assign(this, START);
  }

  get ready() {
    return Boolean(this.image?.naturalWidth);
  }

  open(url) {
    if ((url ?? null) === this.url) return;
    this.url = url ?? null;
    this.image = null;
    if (!url) {
      if (this.editor.tool === "photo") this.editor.tool = "joints";
      return;
    }
    Object.assign(this, START, remembered(url));
    const image = new Image();
    image.onload = () => {
      if (this.url === url) Object.assign(this, { image }).editor.refresh();
    };
    image.src = url;
  }

  set(changes) {
    Object.assign(this, changes);
    const { opacity, zoom, x, y } = this;
    try {
      localStorage.setItem(slot(this.url), JSON.stringify({ opacity, zoom, x, y }));
    } catch {
      // A full or forbidden store costs only the memory of where the photo lay.
    }
    this.editor.repaint();
  }

  reset() {
    this.set({ ...START, opacity: this.opacity });
    this.editor.refresh();
  }

  /** Scaled about a point of the pose, which stays over the same spot of the photo. */
  scale(factor, [x, y]) {
    const zoom = Math.min(Math.max(this.zoom * factor, 0.1), 10);
    const real = zoom / this.zoom;
    const { width, height } = this.editor.pose;
    const [cx, cy] = [x - width / 2, y - height / 2];
    this.set({ zoom, x: cx - (cx - this.x) * real, y: cy - (cy - this.y) * real });
  }
}

function remembered(url) {
  try {
    const found = JSON.parse(localStorage.getItem(slot(url))) ?? {};
    return Object.values(found).every(Number.isFinite) ? found : {};
  } catch {
    return {};
  }
}
