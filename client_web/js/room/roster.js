// The list of all seats in the official order. For those who lead, each row opens to what they may do with that seat.
import { fit } from "../ui/fold.js";
import { el, icon } from "../ui/dom.js";
import { _ } from "../ui/words.js";

/**
 * @typedef {object} Row
 * @property {number} seat
 * @property {string} name
 * @property {string} short
 * @property {string} glyph
 * @property {string} look on, off, up or ""
 * @property {string} words its state in words
 * @property {{ name: string, words: string, primary?: boolean, danger?: boolean }[]} acts
 */

export class Roster {
  /**
   * @param {HTMLElement} list ul
   * @param {HTMLInputElement | null} search
   * @param {(act: string, seat: number) => void} act
   */
  constructor(list, search, act) {
    this.list = list;
    this.search = search;
    this.whole = list.classList.contains("leading");
    this.open = 0;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Map<number, { key: string, li: HTMLElement }>} */
    this.drawn = new Map();
    search?.addEventListener("input", () => this.show(this.rows));
    list.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (!button) return;
      const seat = Number(button.closest("li")?.dataset.seat);
      if (button.dataset.act) act(button.dataset.act, seat);
      else {
        this.open = this.open === seat ? 0 : seat;
        this.show(this.rows);
      }
    });
  }

  /** @param {Row[]} rows */
  show(rows) {
    this.rows = rows;
    const typed = this.search?.value.trim() ?? "";
    const shown = rows.filter((row) => !typed || fit(typed, [row.name, row.short]) > 0);
    const lines = shown.map((row) => this.line(row));
    const same = lines.length === this.list.children.length && lines.every((li, index) => this.list.children[index] === li);
    if (!same) this.list.replaceChildren(...lines);
  }

  /** @param {Row} row */
  line(row) {
    const open = this.open === row.seat && row.acts.length > 0;
    const key = JSON.stringify([row, open]);
    const old = this.drawn.get(row.seat);
    if (old?.key === key) return old.li;
    const li = el("li", { "data-seat": row.seat, class: row.look || null }, ...(this.whole ? this.leading(row, open) : [icon(row.glyph), row.short]));
    if (!this.whole) li.title = `${row.name}: ${row.words}`;
    if (old?.li.contains(document.activeElement)) queueMicrotask(() => li.querySelector("button")?.focus());
    old?.li.replaceWith(li);
    this.drawn.set(row.seat, { key, li });
    return li;
  }

  /**
   * @param {Row} row
   * @param {boolean} open
   */
  leading(row, open) {
    const words = [icon(row.glyph), el("span", {}, row.name, el("small", {}, row.words))];
    if (!row.acts.length) return [el("span", { class: "who" }, ...words)];
    const head = el("button", { class: "who", type: "button", "aria-expanded": open ? "true" : "false" }, ...words);
    const buttons = row.acts.filter((act) => open || act.primary).map((act) => (
      el("button", { class: act.danger ? "btn small danger" : "btn small", type: "button", "data-act": act.name, "aria-label": `${_(act.words)}: ${row.name}` }, _(act.words))
    ));
    return [head, el("span", { class: "acts" }, ...buttons)];
  }
}
