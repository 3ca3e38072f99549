// Thumbnails, at most eight a page; the page before and after at the ends.
import { el, icon } from "../ui/dom.js";
import { _ } from "../ui/words.js";
import { Tile } from "./tile.js";

export class Strip {
  /**
   * @param {HTMLElement} box section.strip
   * @param {(step: number) => void} turn
   */
  constructor(box, turn) {
    this.box = box;
    this.before = el("button", { class: "turn", type: "button", "aria-label": _("Page before") }, icon("chevron-left"));
    this.after = el("button", { class: "turn", type: "button", "aria-label": _("Next page"), title: "P" }, icon("chevron-right"));
    this.before.addEventListener("click", () => turn(-1));
    this.after.addEventListener("click", () => turn(1));
    /** @type {Map<number, Tile>} */
    this.tiles = new Map();
    box.replaceChildren(this.before, this.after);
  }

  /**
   * @param {{ seat: number, shown: import("./tile.js").Shown }[]} seats
   * @param {number} page from 0
   * @param {number} pages
   */
  show(seats, page, pages) {
    const kept = new Set(seats.map((item) => item.seat));
    for (const [seat, tile] of this.tiles) {
      if (kept.has(seat)) continue;
      tile.picture(null);
      tile.box.remove();
      this.tiles.delete(seat);
    }
    let last = /** @type {Element} */ (this.before);
    for (const { seat, shown } of seats) {
      let tile = this.tiles.get(seat);
      if (!tile) {
        tile = new Tile(el("div", { class: "seat", "data-seat": seat }));
        this.tiles.set(seat, tile);
      }
      if (last.nextElementSibling !== tile.box) last.after(tile.box);
      last = tile.box;
      tile.show(shown);
    }
    this.box.append(this.after);
    this.before.disabled = this.after.disabled = pages < 2;
    this.box.setAttribute("aria-label", _("Seats, page {n} of {total}", { n: page + 1, total: pages }));
  }
}
