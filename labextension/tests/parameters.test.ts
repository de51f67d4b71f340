import { exactly } from '../src/api/client';
import { Problem } from '../src/api/problem';
import { changedValues, runValues, shownValues } from '../src/model/parameters';
import type { Parameter } from '../src/tokens/wire';
import { open } from './lineReader';
import { moments } from './samples';

describe('ParametersSession', () => {
  it('shows what the cell says', async () => {
    const { session } = await open('region = "us"\nn = 1');
    expect(session.values).toEqual({ region: 'us', n: 1 });
  });

  it('writes what is typed in the form into the cell', async () => {
    const { cell, session } = await open('region = "us"\nn = 1');
    session.edit('region', 'fr');
    session.edit('n', 20);
    await moments(40);
    expect(cell.getSource()).toBe('region = "fr"\nn = 20');
    expect(session.values).toEqual({ region: 'fr', n: 20 });
  });

  it('shows what is typed in the cell', async () => {
    const { cell, session } = await open('n = 1');
    cell.updateSource(4, 5, '7');
    await moments(40);
    expect(session.values).toEqual({ n: 7 });
  });

  it('shows typed text at once, before any answer', async () => {
    const { server, session } = await open('n = 1');
    server.delay = 30;
    session.edit('n', 5);
    expect(session.values).toEqual({ n: 5 });
  });

  it('takes parameters for nothing else that are called like what every object has', async () => {
    const { cell, session } = await open('constructor = 1\ntoString = 2');
    expect(session.values).toEqual({ constructor: 1, toString: 2 });
    session.edit('constructor', 5);
    expect(await session.settle()).toBe(true);
    expect(cell.getSource()).toBe('constructor = 5\ntoString = 2');
    expect(changedValues(session.inspection?.parameters ?? [], { toString: 3 })).toEqual({ toString: 3 });
  });

  it('writes what was typed once a server that had not answered does', async () => {
    const { cell, server, session } = await open('n = 1');
    const fails = jest.spyOn(server, 'inspect').mockRejectedValue(new Problem(0, 'no answer', 'unreachable'));
    session.edit('n', 2);
    expect(await session.settle()).toBe(false);
    expect(session.values).toEqual({ n: 2 });
    fails.mockRestore();
    await moments(200);
    expect(session.problem).toBeNull();
    expect(cell.getSource()).toBe('n = 2');
  });

  it('keeps a refused value in the form with its error, and writes the others', async () => {
    const { cell, session } = await open('n = 1\nm = 1');
    session.edit('n', 'refuse me');
    session.edit('m', 2);
    expect(await session.settle()).toBe(false);
    expect(session.errors).toEqual({ n: 'A whole number' });
    expect(session.values).toEqual({ n: 'refuse me', m: 2 });
    expect(cell.getSource()).toBe('n = 1\nm = 2');
  });

  it('lets the cell win over a refused value when somebody types there', async () => {
    const { cell, session } = await open('n = 1');
    session.edit('n', 'refuse me');
    await session.settle();
    cell.updateSource(4, 5, '3');
    await moments(40);
    expect(session.errors).toEqual({});
    expect(session.values).toEqual({ n: 3 });
  });

  it('drops edits that were made for an older text', async () => {
    const { cell, server, session } = await open('n = 1');
    server.delay = 20;
    session.edit('n', 5);
    const settled = session.settle();
    await moments(5);
    cell.updateSource(0, 0, 'first = 0\n');
    await settled;
    await session.settle();
    expect(cell.getSource()).toBe('first = 0\nn = 5');
  });

  it('is settled for everybody who waits for it once all is written', async () => {
    const { cell, server, session } = await open('n = 1');
    server.delay = 10;
    const earlier = session.settle();
    session.edit('n', 2);
    expect(await session.settle()).toBe(true);
    expect(cell.getSource()).toBe('n = 2');
    await earlier;
  });

  it('asks once for a burst of typing', async () => {
    const { server, session } = await open('n = 1');
    server.asked = [];
    for (const value of [1, 12, 123]) {
      session.edit('n', value);
    }
    await moments(60);
    expect(server.asked.filter(values => values !== null)).toEqual([{ n: 123 }]);
  });

  it("keeps typed values as the run's own where the notebook cannot be written", async () => {
    const { cell, session } = await open('n = 1', true);
    session.edit('n', 5);
    expect(await session.settle()).toBe(true);
    expect(cell.getSource()).toBe('n = 1');
    expect(session.values).toEqual({ n: 5 });
  });

  it('forgets values of a parameter that is gone', async () => {
    const { cell, session } = await open('n = 1\nm = 1');
    session.edit('m', 'refuse me');
    await session.settle();
    cell.setSource('n = 1');
    await moments(40);
    expect(session.values).toEqual({ n: 1 });
    expect(session.errors).toEqual({});
  });
});

describe('presets of a session', () => {
  it('are kept in the notebook, renamed and deleted', async () => {
    const { session, shared } = await open('n = 1\nm = 1');
    session.keep('one');
    session.edit('n', 2);
    expect(await session.settle()).toBe(true);
    session.keep('two');
    await session.settle();
    expect(shared.getMetadata('notebook_sched')).toEqual({
      presets: { one: { n: 1, m: 1 }, two: { n: 2, m: 1 } }
    });
    session.rename('one', 'two');
    await session.settle();
    expect(session.presets).toEqual([{ name: 'two', values: { n: 1, m: 1 }, misfits: {} }]);
    session.rename('two', null);
    await session.settle();
    expect(session.presets).toEqual([]);
  });

  it('are filled in as one step to undo', async () => {
    const { cell, session } = await open('n = 1\nm = 1');
    cell.clearUndoHistory();
    session.fill({ n: 7, m: 8 });
    await session.settle();
    expect(cell.getSource()).toBe('n = 7\nm = 8');
    cell.undo();
    expect(cell.getSource()).toBe('n = 1\nm = 1');
  });

  it('show what a collaborator saved', async () => {
    const { session, shared } = await open('n = 1');
    shared.setMetadata('notebook_sched', { presets: { theirs: { n: 3 } } });
    await moments(80);
    expect(session.presets.map(({ name }) => name)).toEqual(['theirs']);
  });
});

describe('arranging parameters', () => {
  it('writes what the server made of it', async () => {
    const { cell, session } = await open('n = 1');
    await session.arrange({ add: [{ name: 'k', value: 'v' }] });
    expect(cell.getSource()).toBe('n = 1\nk = "v"');
  });

  it('asks anew where somebody types meanwhile', async () => {
    const { cell, server, session } = await open('n = 1');
    server.delay = 20;
    const arranged = session.arrange({ add: [{ name: 'k', value: 2 }] });
    await moments(5);
    cell.updateSource(5, 5, '00');
    await arranged;
    expect(server.arranged).toBe(2);
    expect(cell.getSource()).toBe('n = 100\nk = 2');
  });
});

describe('values of a run', () => {
  const parameters: Parameter[] = [
    { name: 'region', type: 'string', nullable: false, default: 'us', required: false },
    {
      name: 'today',
      type: 'any',
      nullable: false,
      default: null,
      required: false,
      expression: 'date.today()'
    },
    { name: 'key', type: 'string', nullable: false, default: null, required: true }
  ];

  it('leave out what only the run can compute and what has no value', () => {
    expect(shownValues(parameters, {})).toEqual({ region: 'us' });
  });

  it('leave what JavaScript would round to the cell, but not what the person typed', () => {
    const read = (source: string) => exactly('', JSON.parse(source), { source });
    const big = read('9007199254740993') as string;
    expect([big, read('-12345678901234567890'), read('1e300'), read('0.1234567890123456789')]).toEqual([
      '9007199254740993',
      '-12345678901234567890',
      1e300,
      0.12345678901234568
    ]);
    const own: Parameter[] = [{ ...parameters[0], type: 'integer', default: big }, parameters[2]];
    expect(runValues(own, { region: big, key: '1234567890123456789' })).toEqual({
      key: '1234567890123456789'
    });
    expect(runValues(own, { region: 3 })).toEqual({ region: 3 });
    expect(runValues([{ ...own[0], default: 1e21 }], { region: 1e21 })).toEqual({});
  });

  it('are for a job only those that differ from the cell', () => {
    expect(changedValues(parameters, { region: 'us', today: '2026-11-20', key: 'k' })).toEqual({
      today: '2026-11-20',
      key: 'k'
    });
  });
});
