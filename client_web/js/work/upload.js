// Files of the report form: each is sent as soon as it is chosen, with its own progress, retry and remove.
import { csrf, el, icon } from "../ui/dom.js";
import { size } from "../ui/drop.js";
import { _ } from "../ui/words.js";

/**
 * Wire `[data-upload]`; `changed` is told when the set of kept files changes.
 * @param {HTMLElement} box
 * @param {() => void} changed
 */
export function uploads(box, changed) {
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input[type=file]"));
  const list = /** @type {HTMLElement} */ (box.parentElement?.querySelector("[data-uploads]"));
  input.addEventListener("change", () => {
    take(input.files ?? []);
    input.value = "";
  });
  for (const name of ["dragover", "dragenter"]) box.addEventListener(name, (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event instanceof DragEvent && event.dataTransfer) take(event.dataTransfer.files);
  });
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-drop-file]") : null;
    if (!button) return;
    button.closest("li")?.remove();
    changed();
  });

  /** @param {Iterable<File>} files */
  function take(files) {
    for (const file of files) send(file, line(file));
  }

  /** @param {File} file */
  function line(file) {
    const remove = el("button", { class: "btn small bare push", type: "button", "data-drop-file": true, "aria-label": _("Remove {name}", { name: file.name }) }, icon("x"));
    const row = el("li", { class: "file" }, icon(file.type.startsWith("image/") ? "image" : "file-text"), el("b", {}, file.name), el("span", { class: "meta", "data-state": true, role: "status" }), remove);
    list.append(row);
    return row;
  }

  /**
   * @param {File} file
   * @param {HTMLElement} row
   */
  function send(file, row) {
    const state = /** @type {HTMLElement} */ (row.querySelector("[data-state]"));
    const bar = el("progress", { max: 100, value: 0, "aria-label": file.name });
    state.replaceChildren("0%");
    state.before(bar);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.round((event.loaded * 100) / Math.max(event.total, 1));
      bar.value = percent;
      state.textContent = `${percent}%`;
    });
    request.addEventListener("loadend", () => {
      bar.remove();
      if (request.status === 201) kept(JSON.parse(request.responseText));
      else refused(request.status ? JSON.parse(request.responseText).title : _("Not sent: no connection."), request.status === 0 || request.status >= 500);
    });
    request.open("POST", box.dataset.upload ?? "");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", csrf());
    const body = new FormData();
    body.append("upload", file);
    request.send(body);

    /** @param {{ id: number, size: number }} answer */
    function kept(answer) {
      if (!row.isConnected) return;
      state.textContent = `${size(answer.size)} · ${_("uploaded")}`;
      row.append(el("input", { type: "hidden", name: "file", value: answer.id }));
      changed();
    }

    /**
     * @param {string} why
     * @param {boolean} again whether the same may succeed later
     */
    function refused(why, again) {
      state.className = "late-t";
      state.textContent = why;
      if (!again) return;
      const retry = el("button", { class: "btn small", type: "button" }, _("Try again"));
      retry.addEventListener("click", () => {
        retry.remove();
        state.className = "meta";
        send(file, row);
      });
      state.after(retry);
    }
  }
}
