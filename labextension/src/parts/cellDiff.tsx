import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CellDifference, Chunk, Differences } from '../tokens/versions';

const SIGNS = { same: '  ', removed: '− ', added: '+ ' };
const TAGS = { same: 'span', removed: 'del', added: 'ins' };

/** What differs between two sources, cell by cell; said by sign as well as by colour. */
export function CellDiff({ diff, trans }: { diff: Differences; trans: TranslationBundle }): JSX.Element {
  const cells = diff.cells.filter(({ op }) => op !== 'same');
  const words: Partial<Record<CellDifference['op'], string>> = {
    added: trans.__(': new'),
    removed: trans.__(': gone'),
    moved: trans.__(': moved')
  };
  return (
    <div className="jns-Diff" data-jns="diff">
      {!cells.length && <p className="jns-Hint">{trans.__('No cell differs.')}</p>}
      {cells.map(cell => (
        <section key={`${cell.left} ${cell.right}`}>
          <h4>
            {trans.__('Cell %1', (cell.right ?? cell.left ?? 0) + 1)}
            {words[cell.op]}
          </h4>
          {cell.source.some(({ op }) => op !== 'same') && (
            <pre tabIndex={0}>
              {cell.source.map(({ op, text }, index) =>
                React.createElement(TAGS[op], { key: index }, signed(op, text))
              )}
            </pre>
          )}
        </section>
      ))}
      {diff.capped && <p className="jns-Hint">{trans.__('There is more than is shown here.')}</p>}
    </div>
  );
}

function signed(op: Chunk['op'], text: string): string {
  return text.replace(/^(?=[^])/gm, SIGNS[op]).replace(/([^\n])$/, '$1\n');
}
