// Writes one page that holds the trials and measures the check of ordinary files as it loads:
// node bench.mjs FOLDER PAGE. All in one file, because a browser loads no module from a disk.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, page] = process.argv.slice(2);
const glue = readFileSync(join(folder, "composeyard_trials.js"), "utf8");
const wasm = readFileSync(join(folder, "composeyard_trials_bg.wasm")).toString("base64");

function measure(bytes) {
  wasm_bindgen.initSync({ module: bytes });
  const lines = [20, 200, 1000].map((services) => {
    const prepared = wasm_bindgen.Prepared.ordinary(services);
    const times = Array.from({ length: 40 }, () => {
      const begin = performance.now();
      const fault = prepared.check();
      if (fault) throw new Error(fault);
      return performance.now() - begin;
    });
    // The first ones run before the browser has optimised the code.
    const warm = times.slice(10).sort((a, b) => a - b);
    return `${services} services: median ${warm[15].toFixed(2)} ms, slowest ${warm[29].toFixed(2)} ms`;
  });
  document.body.textContent = lines.join("\n");
}

const start = `measure(Uint8Array.from(atob("${wasm}"), (c) => c.charCodeAt(0)));`;
writeFileSync(page, `<!doctype html><body><script>${glue}\n${measure}\n${start}</script></body>`);
