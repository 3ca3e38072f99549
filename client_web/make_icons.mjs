// Builds icons.svg, the one sprite of the product, from lucide-static (ISC) by the list below.
// Run it after adding a name: `node make_icons.mjs`. The sprite is committed, so no page needs lucide-static.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NAMES = `
arrow-left arrow-right arrow-up-right audio-lines ban bell calendar calendar-clock calendar-plus camera check check-check
chevron-down chevron-left chevron-right chevron-up circle circle-alert circle-check circle-dot circle-x clipboard-list
clock copy download ear ellipsis external-link eye file-text file-warning gavel hand headphones history hourglass image info key-round
keyboard laptop-minimal layout-grid link list-checks lock log-in log-out mail maximize message-circle-question-mark
message-square mic mic-off minus monitor monitor-up network paperclip pause pencil phone phone-call play plus power printer
refresh-cw rotate-ccw rotate-cw save screen-share search send server-crash settings shield-check skip-back skip-forward square sun
timer trash-2 triangle-alert undo-2 upload user user-check user-minus user-plus users video video-off volume-2 volume-x
wifi wifi-off wrench x
`.trim().split(/\s+/);

// The mark of the product: a round table seen from above, one centre and its seats.
const BRAND = '<symbol id="brand" viewBox="0 0 24 24"><circle cx="12" cy="12" r="10"/>'
  + '<path d="M12 2v4M12 18v4M2 12h4M18 12h4M5 5l2.8 2.8M16.2 16.2 19 19M5 19l2.8-2.8M16.2 7.8 19 5"/>'
  + '<circle cx="12" cy="12" r="2.6" fill="currentColor"/></symbol>';

const here = dirname(fileURLToPath(import.meta.url));

/** One icon as a <symbol>: the drawing alone, so that `.i` decides stroke, size and colour. */
function symbol(name) {
  const svg = readFileSync(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
  const drawing = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s+/g, " ").replace(/ ?\/>/g, "/>").replaceAll("> <", "><").trim()}</symbol>`;
}

const sprite = [
  '<svg xmlns="http://www.w3.org/2000/svg">',
  "<!-- Lucide (ISC licence, https://lucide.dev) and our own mark. Made by make_icons.mjs. -->",
  BRAND,
  ...[...new Set(NAMES)].sort().map(symbol),
  "</svg>",
  "",
].join("\n");
writeFileSync(join(here, "icons.svg"), sprite);
