// Chosen files: listed with size and a remove button; dragging onto the box is the same as choosing.
import { el, icon } from "./dom.js";

/**
 * Wire one `[data-drop]` box (macro `drop`): its input keeps the files, so the form sends them without script.
 * @param {HTMLElement} box
 */
export function dropBox(box) {
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input[type=file]"));
  const list = box.parentElement?.querySelector("[data-files]");
  let kept = new DataTransfer();

  input.addEventListener("change", () => add(input.files ?? []));
  for (const name of ["dragover", "dragenter"]) box.addEventListener(name, (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event instanceof DragEvent && event.dataTransfer) add(event.dataTransfer.files);
  });

  /** @param {Iterable<File>} files */
  function add(files) {
    if (!input.multiple) kept = new DataTransfer();
    for (const file of files) {
      const known = [...kept.files].some((other) => other.name === file.name && other.size === file.size);
      if (!known) kept.items.add(file);
    }
    show();
  }

  function show() {
    input.files = kept.files;
    list?.replaceChildren(...[...kept.files].map((file, index) => {
      const label = (box.dataset.remove ?? "{name}").replace("{name}", file.name);
      const button = el("button", { class: "btn small bare push", type: "button", "aria-label": label }, icon("x"));
      button.addEventListener("click", () => {
        kept.items.remove(index);
        show();
      });
      return el("li", { class: "file" }, icon("file-text"), el("b", {}, file.name), el("span", { class: "meta" }, size(file.size)), button);
    }));
  }
}

/** @param {number} bytes in the words of a person: "1,2 MB" */
export function size(bytes) {
  const [value, unit] = bytes >= 1e6 ? [bytes / 1e6, "MB"] : [Math.max(bytes / 1e3, 0.1), "kB"];
  return `${value.toLocaleString("vi", { maximumFractionDigits: 1 })} ${unit}`;
}
