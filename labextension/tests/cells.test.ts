import { YNotebook } from '@jupyter/ydoc';
import { LiveCells } from '../src/model/cells';

const opened: YNotebook[] = [];
afterEach(() => opened.splice(0).forEach(shared => shared.dispose()));

function notebook(): YNotebook {
  const shared = YNotebook.create() as YNotebook;
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

describe('LiveCells', () => {
  it('sends the text of tagged code cells only, and keeps the numbering', () => {
    const cells = new LiveCells(notebook());
    expect(cells.texts()).toEqual([
      { source: '', tags: [] },
      { source: 'who = "😀 us"  # 😀\nn = 1', tags: ['parameters'] },
      { source: '', tags: [] }
    ]);
    expect(cells.kernel()).toBe('python3');
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
    ['typing elsewhere', shared => shared.cells[2].updateSource(0, 0, ' ')],
    ['other metadata', shared => shared.cells[1].setMetadata('collapsed', true)]
  ])('does not ask again for %s', (_, change) => {
    const shared = notebook();
    const cells = new LiveCells(shared);
    change(shared);
    expect(cells.version).toBe(0);
  });
});
