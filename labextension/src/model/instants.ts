/** Wall times in a time zone, as date-and-time inputs hold them (`2026-11-20T07:00`), and the instants they stand for. */

const DAY = 86_400_000;

/** Whether the browser's time-zone data has it. */
export function isZone(zone: string): boolean {
  try {
    return Boolean(formatterOf(zone));
  } catch {
    return false;
  }
}

/** What a clock on the wall shows at an instant; seconds only where there are any. In a zone that is not known, UTC's. */
export function wallOf(at: string, zone: string): string {
  const instant = Date.parse(at);
  const wall = new Date(instant + (isZone(zone) ? offsetAt(instant, zone) : 0)).toISOString();
  return wall.slice(17, 19) === '00' ? wall.slice(0, 16) : wall.slice(0, 19);
}

/**
 * The instant of a wall time, with its offset: `2026-11-20T07:00:00+01:00`. A time that comes twice is the first one;
 * one that a clock change leaves out is read with the offset before it. One of the `known` instants is given back as
 * it came where it shows this very wall time: texts are coarser than instants. In a zone that the browser does not
 * know the text stays without an offset, which the server refuses.
 */
export function instantOf(wall: string, zone: string, known: readonly string[] = []): string {
  const before = known.find(at => wallOf(at, zone) === wall);
  if (before !== undefined) {
    return before;
  }
  const full = wall.length === 16 ? `${wall}:00` : wall;
  const asUtc = Date.parse(`${full}Z`);
  if (Number.isNaN(asUtc) || !isZone(zone)) {
    return wall;
  }
  const offsets = [asUtc - DAY, asUtc + DAY].map(instant => offsetAt(instant, zone));
  const fitting = offsets.filter(offset => offsetAt(asUtc - offset, zone) === offset);
  return full + offsetText(fitting.length ? Math.max(...fitting) : offsets[0]);
}

/** Milliseconds that the clocks of a zone are ahead of UTC. */
function offsetAt(instant: number, zone: string): number {
  const parts = formatterOf(zone).formatToParts(instant);
  const [year, month, day, hour, minute, second] = PARTS.map(type =>
    Number(parts.find(part => part.type === type)?.value)
  );
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

function offsetText(offset: number): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second'];
const formatters = new Map<string, Intl.DateTimeFormat>();

/** RangeError where there is no such zone. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) {
    return known;
  }
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric'
  });
  formatters.set(zone, made);
  return made;
}
