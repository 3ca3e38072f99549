// "Cỡ chữ": 100, 115, 130 %. One number on <html>; the cookie lets the server write it before the first paint.
const SIZES = ["100", "115", "130"];
const YEAR_S = 31536000;

/**
 * Let a button step through the sizes.
 * @param {HTMLElement} button
 */
export function sizeSwitch(button) {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const size = SIZES[(SIZES.indexOf(root.dataset.size ?? "100") + 1) % SIZES.length];
    if (size === "100") delete root.dataset.size;
    else root.dataset.size = size;
    document.cookie = `text_size=${size}; path=/; max-age=${YEAR_S}; samesite=lax`;
  });
}
