// A label printer for the tests: ZPL on standard input, one PNG a label into the folder. Arguments: folder, width and height in
// millimetres, dots to the millimetre. The renderer is none of ours, and carries its engine with it: it asks the network nothing.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ready } from "zpl-renderer-js";

const [folder, ...sizes] = process.argv.slice(2);
const { api } = await ready;
const labels = await api.zplToBase64MultipleAsync(readFileSync(0, "utf8"), ...sizes.map(Number));
labels.forEach((label, n) => writeFileSync(join(folder, `${String(n).padStart(3, "0")}.png`), Buffer.from(label, "base64")));
process.exit(0);
