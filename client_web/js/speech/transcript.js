// The transcript page: every line plays its own sound.
import { playButtons } from "./player.js";

playButtons(document);
