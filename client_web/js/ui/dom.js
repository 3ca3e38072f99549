// Small builders for widgets. Text is always text: nothing here takes HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes and children: `el("button", { class: "btn", type: "button" }, "Mời")`.
 * A value of `false`, `null` or `undefined` leaves the attribute out; `true` sets it empty.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) node.append(typeof child === "number" ? String(child) : child);
  }
  return node;
}

/**
 * A drawing of the sprite; with `label` it has a name of its own, else readers pass it by.
 * @param {string} name
 * @param {string} [label]
 */
export function icon(name, label = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "i");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** The token of forms, for requests that a script makes: header `X-CSRF-Token`. */
export function csrf() {
  return document.documentElement.dataset.csrf ?? "";
}
