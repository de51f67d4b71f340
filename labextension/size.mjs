/** Prints the weight of the built JavaScript, gzipped, and fails where it is more than a page should have to load. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMITS = { start: 15, all: 60 };
const STATIC = 'jupyter_notebook_sched/labextension/static';

const weighed = ending =>
  readdirSync(STATIC)
    .filter(name => name.endsWith(ending))
    .map(name => {
      const source = readFileSync(join(STATIC, name));
      return { name, text: source.toString(), weight: gzipSync(source).length };
    });
const chunks = weighed('.js');

/**
 * JupyterLab loads the remote entry, then the modules that it exposes (`./index`, `./extension`, `./style`).
 * The entry maps each to `Promise.all([r.e(<id>), …])`, and the ids of chunks that have a name to `{<id>: "<name>"}`.
 */
function startChunks() {
  const entry = chunks.find(({ name }) => name.startsWith('remoteEntry'));
  const names = Object.fromEntries(
    [...entry.text.matchAll(/\b(\d+):\s*"([a-z]+)"/g)].map(([, id, name]) => [id, name])
  );
  const exposed = /["']\.\/(?:index|extension|style)["']\s*:\s*\(\)\s*=>([^]*?)(?=,\s*["']\.\/|\}\s*[,;])/g;
  const ids = [...entry.text.matchAll(exposed)].flatMap(([, body]) =>
    [...body.matchAll(/\.e\("?([\w-]+)"?\)/g)].map(([, id]) => names[id] ?? id)
  );
  if (!ids.length) {
    throw new Error('The remote entry tells no exposed chunks; has the builder changed its output?');
  }
  return [entry, ...chunks.filter(({ name }) => ids.some(id => name.startsWith(`${id}.`)))];
}

const kilobytes = list => list.reduce((sum, { weight }) => sum + weight, 0) / 1024;
const start = startChunks();
for (const { name, weight } of chunks.sort((left, right) => right.weight - left.weight)) {
  const when = start.some(chunk => chunk.name === name) ? 'start' : '';
  console.log(`${(weight / 1024).toFixed(1).padStart(6)} KB  ${when.padEnd(5)}  ${name}`);
}
const measured = { start: kilobytes(start), all: kilobytes(chunks) };
for (const [which, limit] of Object.entries(LIMITS)) {
  const over = measured[which] > limit;
  console.log(
    `${measured[which].toFixed(1)} KB gzipped ${which === 'all' ? 'in all' : 'at start'}, limit ${limit} KB${over ? ': TOO MUCH' : ''}`
  );
  process.exitCode ||= over ? 1 : 0;
}
console.log(
  `${kilobytes(weighed('.css')).toFixed(1)} KB gzipped of style sheets come beside it, with the first view`
);
