import { instantOf, isZone, wallOf } from '../src/model/instants';

const WALLS: [zone: string, wall: string, instant: string][] = [
  ['Europe/Berlin', '2026-11-20T07:00', '2026-11-20T07:00:00+01:00'],
  ['Europe/Berlin', '2026-07-20T07:00', '2026-07-20T07:00:00+02:00'],
  ['America/St_Johns', '2026-07-20T07:00', '2026-07-20T07:00:00-02:30'],
  ['Asia/Kathmandu', '2026-07-20T00:10', '2026-07-20T00:10:00+05:45'],
  ['Pacific/Kiritimati', '2026-01-01T00:00', '2026-01-01T00:00:00+14:00'],
  ['UTC', '2026-11-20T07:00:30', '2026-11-20T07:00:30+00:00']
];

describe('wall times', () => {
  it.each(WALLS)('in %s: %s is %s, and back', (zone, wall, instant) => {
    expect(instantOf(wall, zone)).toBe(instant);
    expect(wallOf(instant, zone)).toBe(wall);
  });

  it('are the first of two where a clock change repeats them', () => {
    expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T02:30:00+02:00');
    expect(instantOf('2026-11-01T01:30', 'America/New_York')).toBe('2026-11-01T01:30:00-04:00');
    expect(instantOf('2026-04-05T01:45', 'Australia/Lord_Howe')).toBe('2026-04-05T01:45:00+11:00');
  });

  it('come after the jump where a clock change leaves them out', () => {
    const instant = instantOf('2026-03-29T02:30', 'Europe/Berlin');
    expect(instant).toBe('2026-03-29T02:30:00+01:00');
    expect(wallOf(instant, 'Europe/Berlin')).toBe('2026-03-29T03:30');
  });

  it('are exact right beside a clock change', () => {
    expect(instantOf('2026-03-29T01:59', 'Europe/Berlin')).toBe('2026-03-29T01:59:00+01:00');
    expect(instantOf('2026-03-29T03:00', 'Europe/Berlin')).toBe('2026-03-29T03:00:00+02:00');
    expect(instantOf('2026-10-25T03:00', 'Europe/Berlin')).toBe('2026-10-25T03:00:00+01:00');
  });

  it('go back as they came where nobody touched them', () => {
    const second = '2026-10-25T01:30:00Z';
    const precise = '2026-11-20T06:00:00.123456Z';
    const known = [second, precise];
    for (const at of known) {
      expect(instantOf(wallOf(at, 'Europe/Berlin'), 'Europe/Berlin', known)).toBe(at);
    }
    expect(instantOf('2026-11-20T07:01', 'Europe/Berlin', known)).toBe('2026-11-20T07:01:00+01:00');
  });

  it('stay without an offset, for the server to refuse, where the zone or the time is none', () => {
    expect(isZone('Europe/Berlin')).toBe(true);
    expect(isZone('Europe/Nowhere')).toBe(false);
    expect(instantOf('2026-11-20T07:00', 'Europe/Nowhere')).toBe('2026-11-20T07:00');
    expect(instantOf('', 'UTC')).toBe('');
  });

  it('of a known instant survive a zone that the browser does not know', () => {
    const at = '2026-11-20T07:00:00Z';
    expect(instantOf(wallOf(at, 'Mars/Olympus'), 'Mars/Olympus', [at])).toBe(at);
  });
});
