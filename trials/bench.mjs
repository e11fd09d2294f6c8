// Writes one page that holds the trials and measures the check of ordinary files as it loads:
// node bench.mjs FOLDER PAGE. All in one file, because a browser loads no module from a disk.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, page] = process.argv.slice(2);
const glue = readFileSync(join(folder, "composeyard_trials.js"), "utf8");
const wasm = readFileSync(join(folder, "composeyard_trials_bg.wasm")).toString("base64");

function measure(bytes) {
  wasm_bindgen.initSync({ module: bytes });
  const time = (turns, subject, prepare) => {
    const times = Array.from({ length: turns }, () => {
      prepare();
      const begin = performance.now();
      const fault = subject.check();
      if (fault) throw new Error(fault);
      return performance.now() - begin;
    });
    times.sort((a, b) => a - b);
    return `median ${times[turns / 2].toFixed(2)} ms, slowest ${times[turns - 1].toFixed(2)} ms`;
  };
  // As many keys as somebody presses in a minute, the first ones too, before the browser has optimised the code.
  const lines = [20, 200, 1000].flatMap((services) => {
    const typing = new wasm_bindgen.Typing(services);
    const opened = wasm_bindgen.Prepared.ordinary(services);
    return [
      `${services} services, a key pressed: ${time(200, typing, () => typing.press())}`,
      `${services} services, opened: ${time(20, opened, () => {})}`,
    ];
  });
  document.body.textContent = lines.join("\n");
}

const start = `measure(Uint8Array.from(atob("${wasm}"), (c) => c.charCodeAt(0)));`;
writeFileSync(page, `<!doctype html><body><script>${glue}\n${measure}\n${start}</script></body>`);
