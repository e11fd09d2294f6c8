// The table of hostile texts in WebAssembly: node hostile.mjs FOLDER. Each trial has an instance of its own, so that
// its memory can be told from that of the others; a peer's reading of an ordinary file beside it is the unit of time.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const require = createRequire(import.meta.url);
const glue = join(resolve(process.argv[2]), "composeyard_trials.js");
const ATTEMPTS = 5;

function instance() {
  delete require.cache[glue];
  return require(glue);
}

function timed(work) {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

const unit = instance();
const yardstick = new unit.Yardstick();
const reading = () => {
  if (yardstick.read() === 0) throw new Error("the peer reads the ordinary file");
};
timed(reading);

function tried(index) {
  const fresh = instance();
  const trial = fresh.Prepared.hostile(index);
  const name = trial.name();
  try {
    const before = fresh.memory_taken();
    const fault = trial.check();
    const memory = fresh.memory_taken() - before;
    if (fault) return [name, fault];
    if (memory > fresh.memory_limit()) return [name, `needs ${Math.round(memory / 1000)} kB`];
    let best = Infinity;
    for (let attempt = 0; attempt < ATTEMPTS && best > trial.time(); attempt++) {
      best = Math.min(best, timed(() => trial.check()) / timed(reading));
    }
    if (best > trial.time()) return [name, `${best.toFixed(1)} readings long, not ${trial.time()}`];
    console.log(`${best.toFixed(2).padStart(8)} readings ${String(memory / 1000).padStart(10)} kB  ${name}`);
    return null;
  } catch (error) {
    return [name, String(error)];
  }
}

const faults = Array.from({ length: unit.trials() }, (_, index) => tried(index)).filter(Boolean);
for (const [name, fault] of faults) console.log(`FAILED ${name}: ${fault}`);
const passed = unit.trials() - faults.length;
console.log(`test result: ${faults.length ? "FAILED" : "ok"}. ${passed} passed; ${faults.length} failed; 0 ignored`);
process.exit(faults.length ? 1 : 0);
