// Bundles the front end: js/app.js and css/index.css into static/build/, fonts copied beside them; compiles translations.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileMessages } from "./messages.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../static/build/", import.meta.url));

await rm(out, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: [
    { in: "js/app.js", out: "app" },
    { in: "css/index.css", out: "app" },
  ],
  outdir: out,
  assetNames: "[name]",
  bundle: true,
  minify: true,
  format: "esm",
  // No map is written, so nothing may point at one: collectstatic refuses a dangling reference.
  sourcemap: false,
  legalComments: "none",
  loader: { ".woff2": "file" },
  target: ["chrome123", "firefox121", "safari17.5"],
  logLevel: "warning",
});

const urdu = fileURLToPath(new URL("../locale/ur/LC_MESSAGES/django", import.meta.url));
await compileMessages(`${urdu}.po`, `${urdu}.mo`);
