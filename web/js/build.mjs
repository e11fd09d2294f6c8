// Bundles the editor into dist/editor.js, which Trunk copies next to the app. Prints what a browser will load.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const outfile = join(here, "dist", "editor.js");

await build({
  absWorkingDir: here,
  entryPoints: ["editor.js"],
  outfile,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});

const bundle = await readFile(outfile);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`editor.js ${kilobytes(bundle.length)}, brotli ${kilobytes(brotliCompressSync(bundle).length)}`);
