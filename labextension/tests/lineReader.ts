import { YNotebook } from '@jupyter/ydoc';
import type { JSONObject } from '@lumino/coreutils';
import { Problem } from '../src/api/problem';
import { LiveCells } from '../src/model/cells';
import { ParametersSession } from '../src/model/parameters';
import type {
  Arrangement,
  Candidate,
  CellText,
  Inspection,
  Parameter,
  Presets,
  Rearranged
} from '../src/tokens/wire';
import { moments } from './samples';

/** Reads `name = <JSON>` lines: enough of a language for a session to work on. */
export class LineReader {
  asked: (JSONObject | null)[] = [];
  arranged = 0;
  delay = 0;

  async inspect(
    cells: CellText[],
    kernel: string | null,
    values: JSONObject | null,
    presets: Presets
  ): Promise<Inspection> {
    this.asked.push(values);
    await moments(this.delay);
    const cell = cells.findIndex(({ tags }) => tags.includes('parameters'));
    const parameters: Parameter[] = [];
    const edits = [];
    let start = 0;
    for (const line of cell < 0 ? [] : cells[cell].source.split('\n')) {
      const [, name, text] = /^(\w+) = (.*)$/.exec(line) ?? [];
      if (name) {
        parameters.push({ name, type: 'any', nullable: true, default: JSON.parse(text), required: false });
        if (values && Object.hasOwn(values, name)) {
          const from = start + line.indexOf(text);
          edits.push({ cell, start: from, end: from + text.length, text: JSON.stringify(values[name]) });
        }
      }
      start += line.length + 1;
    }
    const refused = Object.entries(values ?? {}).filter(([, value]) => value === 'refuse me');
    if (refused.length) {
      const errors = refused.map(([name]) => ({ field: `values.${name}`, message: 'A whole number' }));
      throw new Problem(422, 'Some values do not fit', 'invalid', errors);
    }
    return {
      kernel,
      language: 'lines',
      cell_index: cell < 0 ? null : cell,
      parameters,
      schema: { properties: {} },
      presets: Object.entries(presets).map(([name, values]) => ({ name, values, misfits: {} })),
      problems: [],
      edits
    };
  }

  async candidates(cells: CellText[]): Promise<Candidate[]> {
    return cells.map(({ source }, cell) => ({ cell, name: source.split(' ')[0], source }));
  }

  /** Puts each added parameter on a line of its own below the text of the first cell. */
  async arrange(cells: CellText[], _: string | null, { add = [] }: Arrangement): Promise<Rearranged> {
    this.arranged += 1;
    await moments(this.delay);
    const end = cells[0].source.length;
    const text = add.map(({ name, value }) => `\n${name} = ${JSON.stringify(value)}`).join('');
    return { edits: [{ cell: 0, start: end, end, text }], tag: null, insert: null };
  }
}

const opened: { dispose: () => void }[] = [];
afterEach(() => opened.splice(0).forEach(one => one.dispose()));

/** A session on a notebook with that parameters cell. */
export async function open(source: string, readOnly = false) {
  const shared = YNotebook.create({ disableDocumentWideUndoRedo: true }) as YNotebook;
  const cell = {
    cell_type: 'code' as const,
    source,
    metadata: { tags: ['parameters'] },
    outputs: [],
    execution_count: null
  };
  shared.fromJSON({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
  const server = new LineReader();
  const session = new ParametersSession(server, new LiveCells(shared), () => readOnly, 5);
  opened.push(session, shared);
  await session.settle();
  return { cell: shared.cells[0], server, session, shared };
}
