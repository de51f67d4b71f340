const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** Names that begin with one underscore are private to our classes, so the bundle needs none that speak. */
const PRIVATE = /(?<![\w$`"'/-])_[a-z]\w{2,}\b/g;

const lib = join(__dirname, 'lib');
const sources = readdirSync(lib, { recursive: true }).filter(name => name.endsWith('.js'));
const names = new Set(sources.flatMap(name => readFileSync(join(lib, name), 'utf8').match(PRIVATE) ?? []));
const short = Object.fromEntries([...names].sort().map((name, index) => [name, `_${index.toString(36)}`]));

module.exports = source => source.replace(PRIVATE, name => short[name]);
