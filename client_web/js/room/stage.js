// The large picture: who has the floor, the timer, the chair in the corner.
import { el } from "../ui/dom.js";
import { _ } from "../ui/words.js";
import { Tile } from "./tile.js";
import { timerAt } from "./timer.js";

export class Stage {
  /** @param {HTMLElement} box section.floor */
  constructor(box) {
    this.box = box;
    this.tile = new Tile(box);
    this.name = el("div", { class: "name" });
    this.timer = el("div", { class: "timer", role: "timer", hidden: true });
    this.pip = null;
    const corner = box.querySelector("[data-pip]");
    if (corner instanceof HTMLElement) this.pip = new Tile(corner);
    box.append(this.name, this.timer);
  }

  /**
   * @param {{ name: string, line: string, track: any, note: string, away: number | null, chair: import("./tile.js").Shown | null }} shown
   */
  show(shown) {
    this.tile.show({ name: "", glyph: "", look: "", note: shown.note, away: shown.away, track: shown.track });
    this.box.setAttribute("aria-label", `${shown.name}, ${shown.line}`);
    this.name.replaceChildren(el("b", {}, shown.name), el("span", {}, shown.line));
    if (!this.pip) return;
    this.pip.box.hidden = !shown.chair;
    if (shown.chair) this.pip.show(shown.chair);
    else this.pip.picture(null);
  }

  /**
   * @param {import("../protocol/state.js").Turn | null} turn
   * @param {number} now the server's clock, ms
   */
  tick(turn, now) {
    this.timer.hidden = !turn;
    if (!turn) return;
    const at = timerAt(turn, now);
    this.timer.className = `timer ${at.kind}`.trim();
    const whole = _("/ {n} minutes", { n: at.minutes });
    this.timer.replaceChildren(
      el("b", {}, at.text, " ", el("small", {}, at.word ? _(at.word) : whole)),
      el("div", { class: "bar" }, el("i", { style: `width:${at.percent}%` })),
    );
  }
}
