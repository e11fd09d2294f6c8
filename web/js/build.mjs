// Bundles the editor and the terminal into dist/, which Trunk copies next to the app. Prints what a browser will load.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const bundles = ["editor.js", "terminal.js"];

/**
 * The page's policy takes style sheets with its nonce alone and no `style` attributes. xterm has no setting for either,
 * so its few places are rewritten as they are bundled: a nonce for its sheets, properties in place of the attribute.
 */
const underThePolicy = {
  name: "under-the-policy",
  setup({ onLoad }) {
    onLoad({ filter: /@xterm\/xterm\/lib\/xterm\.mjs$/ }, async ({ path }) => {
      const nonce = 'document.querySelector("meta[name=csp-nonce]")?.content';
      const text = await readFile(path, "utf8");
      const rewrites = [
        [/[\w.]+\.createElement\("style"\)/g, (made) => `Object.assign(${made},{nonce:${nonce}})`],
        [/\.setAttribute\("style",/g, () => ".style.cssText=("],
      ];
      const contents = rewrites.reduce((text, [found, by]) => {
        if (!found.test(text)) throw new Error(`xterm has no ${found} any more: look how it styles itself now`);
        return text.replaceAll(found, by);
      }, text);
      return { contents, loader: "js" };
    });
  },
};

await build({
  absWorkingDir: here,
  entryPoints: bundles,
  outdir: join(here, "dist"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  // A sheet that is adopted is none that the page's policy has to allow.
  loader: { ".css": "text" },
  plugins: [underThePolicy],
});

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
for (const name of bundles) {
  const bundle = await readFile(join(here, "dist", name));
  console.log(`${name} ${kilobytes(bundle.length)}, brotli ${kilobytes(brotliCompressSync(bundle).length)}`);
}
