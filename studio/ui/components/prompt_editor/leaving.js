// A click on a link to another page waits until the studio has the newest words.
//
// Streamlit sends a component's value only with the next tick. A page link clicked in the same tick is sent first, and
// the value that follows calls the former page back; and a value that is overtaken by a change of page can be lost.

const LONGEST_MS = 800;

export class Leaving {
  /** `editor` has `unsettled` and `flush()`. */
  constructor(editor) {
    this.editor = editor;
    this.held = null;
    this.passing = false;
    this.onclick = (event) => this.clicked(event);
    // A finger's field loses the keyboard only after the tap; this is earlier.
    this.onpointerdown = (event) => event.composedPath().includes(editor.host) || editor.flush();
    document.addEventListener("click", this.onclick, true);
    document.addEventListener("pointerdown", this.onpointerdown, true);
  }

  clicked(event) {
    const link = event.composedPath().find((part) => part.tagName === "A" && part.href && !part.target && !part.download);
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || elsewhere || this.passing || !this.editor.unsettled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(this.held?.timer);
    this.held = { link, timer: setTimeout(() => this.go(), LONGEST_MS) };
    this.editor.flush();
  }

  /** The studio has answered. */
  settled() {
    if (this.held) this.go();
  }

  go() {
    const { link, timer } = this.held;
    clearTimeout(timer);
    this.held = null;
    this.passing = true;
    link.click();
    this.passing = false;
  }

  end() {
    clearTimeout(this.held?.timer);
    document.removeEventListener("click", this.onclick, true);
    document.removeEventListener("pointerdown", this.onpointerdown, true);
  }
}
