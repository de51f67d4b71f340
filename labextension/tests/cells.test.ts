import { YNotebook } from '@jupyter/ydoc';
import type { JSONValue } from '@lumino/coreutils';
import { LiveCells } from '../src/model/cells';

const opened: YNotebook[] = [];
afterEach(() => opened.splice(0).forEach(shared => shared.dispose()));

function notebook(): YNotebook {
  const shared = YNotebook.create({ disableDocumentWideUndoRedo: true }) as YNotebook;
  opened.push(shared);
  shared.fromJSON({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' } },
    cells: [
      { cell_type: 'markdown', source: '# Title', metadata: { tags: ['parameters'] } },
      {
        cell_type: 'code',
        source: 'who = "😀 us"  # 😀\nn = 1',
        metadata: { tags: ['parameters'] },
        outputs: [],
        execution_count: null
      },
      { cell_type: 'code', source: 'print(who)', metadata: {}, outputs: [], execution_count: null }
    ]
  });
  return shared;
}

function heard(cells: LiveCells): boolean[] {
  const told: boolean[] = [];
  cells.changed.connect((_, near) => told.push(near));
  return told;
}

describe('LiveCells', () => {
  it('sends the text of code cells, and keeps the numbering', () => {
    const cells = new LiveCells(notebook());
    expect(cells.texts()).toEqual([
      { source: '', tags: [] },
      { source: 'who = "😀 us"  # 😀\nn = 1', tags: ['parameters'] },
      { source: 'print(who)', tags: [] }
    ]);
    expect(cells.kernel()).toBe('python3');
  });

  it('sends the parameters cell only where all code is more than a request holds', () => {
    const shared = notebook();
    shared.cells[2].setSource('é'.repeat(360_000));
    const sources = new LiveCells(shared).texts().map(({ source }) => source.length);
    expect(sources).toEqual([0, 25, 0]);
  });

  it('applies edits that count in UTF-16 units, whatever their order', () => {
    const shared = notebook();
    const source = shared.cells[1].getSource();
    const first = { cell: 1, start: source.indexOf('"'), end: source.indexOf('"  #') + 1, text: '"日本"' };
    const second = { cell: 1, start: source.length - 1, end: source.length, text: '25' };
    new LiveCells(shared).apply([first, second]);
    expect(shared.cells[1].getSource()).toBe('who = "日本"  # 😀\nn = 25');
  });

  it('makes all edits one step to undo', () => {
    const shared = notebook();
    const before = shared.cells[1].getSource();
    shared.cells[1].clearUndoHistory();
    new LiveCells(shared).apply([
      { cell: 1, start: 6, end: 13, text: '"fr"' },
      { cell: 1, start: before.length - 1, end: before.length, text: '2' }
    ]);
    expect(shared.cells[1].getSource()).not.toBe(before);
    shared.cells[1].undo();
    expect(shared.cells[1].getSource()).toBe(before);
  });

  it.each<[string, (shared: YNotebook) => void]>([
    ['typing in the parameters cell', shared => shared.cells[1].updateSource(0, 3, 'whom')],
    ['a tag put on another cell', shared => shared.cells[2].setMetadata('tags', ['parameters'])],
    ['the tag taken away', shared => shared.cells[1].setMetadata('tags', [])],
    ['a cell moved', shared => shared.moveCell(2, 0)],
    ['a cell deleted', shared => shared.deleteCell(0)],
    ['another kernel', shared => shared.setMetadata('kernelspec', { name: 'ir', display_name: 'R' })]
  ])('notices %s', (_, change) => {
    const shared = notebook();
    const cells = new LiveCells(shared);
    let changes = 0;
    cells.changed.connect(() => (changes += 1));
    change(shared);
    expect(changes).toBeGreaterThan(0);
    expect(cells.version).toBe(changes);
  });

  it('notices typing in a parameters cell that came later', () => {
    const shared = notebook();
    const cells = new LiveCells(shared);
    shared.insertCell(0, { cell_type: 'code', source: 'x = 1', metadata: { tags: ['parameters'] } });
    const { version } = cells;
    shared.cells[0].updateSource(4, 5, '2');
    expect(cells.version).toBe(version + 1);
  });

  it.each<[string, (shared: YNotebook) => void]>([
    ['typing in text', shared => shared.cells[0].updateSource(0, 0, ' ')],
    ['other metadata', shared => shared.cells[1].setMetadata('collapsed', true)]
  ])('does not ask again for %s', (_, change) => {
    const shared = notebook();
    const cells = new LiveCells(shared);
    const told = heard(cells);
    change(shared);
    expect(told).toEqual([]);
  });

  it.each<[string, (shared: YNotebook) => void]>([
    ['typing in other code', shared => shared.cells[2].updateSource(0, 0, ' ')],
    ['presets', shared => shared.setMetadata('notebook_sched', { presets: {} })]
  ])('tells of %s, which leaves what was asked about the form as it is', (_, change) => {
    const shared = notebook();
    const cells = new LiveCells(shared);
    const told = heard(cells);
    change(shared);
    expect(told).toEqual([false]);
    expect(cells.version).toBe(0);
  });

  it('keeps presets beside what else is ours in the notebook', () => {
    const shared = notebook();
    shared.setMetadata('notebook_sched', { other: 1 });
    const cells = new LiveCells(shared);
    cells.presets = { daily: { n: 2 } };
    expect(shared.getMetadata('notebook_sched')).toEqual({ other: 1, presets: { daily: { n: 2 } } });
    expect(cells.presets).toEqual({ daily: { n: 2 } });
  });

  it.each<[string, JSONValue]>([
    ['text', 'presets'],
    ['a list of presets', { presets: [{ n: 1 }] }],
    ['a preset without values', { presets: { odd: 3, other: null } }]
  ])('has no presets where the metadata holds %s', (_, metadata) => {
    const shared = notebook();
    shared.setMetadata('notebook_sched', metadata);
    expect(new LiveCells(shared).presets).toEqual({});
  });

  it('makes a cell of taken lines one step to undo in the notebook', () => {
    const shared = notebook();
    shared.setMetadata('kernelspec', { name: 'python3', display_name: 'Python 3' });
    shared.undoManager.clear();
    new LiveCells(shared).rearrange({
      edits: [{ cell: 2, start: 0, end: 10, text: 'pass' }],
      tag: { cell: 1, tags: [] },
      insert: { index: 1, source: 'k = 1', tags: ['parameters'] }
    });
    const sources = () => shared.cells.map(cell => cell.getSource());
    expect(sources()).toEqual(['# Title', 'k = 1', 'who = "😀 us"  # 😀\nn = 1', 'pass']);
    expect(shared.cells[1].getMetadata('tags')).toEqual(['parameters']);
    expect(shared.cells[2].getMetadata('tags')).toEqual([]);
    shared.undo();
    expect(sources()).toEqual(['# Title', 'who = "😀 us"  # 😀\nn = 1', 'print(who)']);
    expect(shared.cells[1].getMetadata('tags')).toEqual(['parameters']);
    shared.redo();
    expect(sources()[1]).toBe('k = 1');
  });

  it('leaves what only changes one cell to the undo of that cell', () => {
    const shared = notebook();
    const cell = shared.cells[1];
    const before = cell.getSource();
    cell.clearUndoHistory();
    const edits = [{ cell: 1, start: before.length, end: before.length, text: '\nk = 2' }];
    new LiveCells(shared).rearrange({ edits, tag: null, insert: null });
    expect(cell.getSource()).toBe(`${before}\nk = 2`);
    cell.undo();
    expect(cell.getSource()).toBe(before);
  });

  it('puts an empty parameters cell above the other code', () => {
    const shared = notebook();
    new LiveCells(shared).insertEmpty();
    expect(shared.cells.map(cell => [cell.cell_type, cell.getSource()])[1]).toEqual(['code', '']);
    expect(shared.cells[1].getMetadata('tags')).toEqual(['parameters']);
  });
});
