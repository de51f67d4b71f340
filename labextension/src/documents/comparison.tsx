import * as React from 'react';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONValue } from '@lumino/coreutils';
import {
  asText,
  Column,
  columnsOf,
  Order,
  outlookOf,
  plain,
  progressWords,
  sorted
} from '../model/comparison';
import { hasEnded } from '../model/merge';
import { cellOf, errorLine, parameterTexts, valueText } from '../model/rows';
import { span } from '../model/times';
import { reasonWords, stateWord } from '../model/words';
import { Bar } from '../parts/bar';
import { Dot } from '../parts/dot';
import { moveFocus, near } from '../parts/longList';
import { Health, Notice } from '../parts/notice';
import type { Batch, BatchRun } from '../tokens/wire';
import { Chart } from './chart';

export interface ComparisonProps {
  health: Health;
  batch: Batch | null;
  now: number;
  /** Null where nothing can draw a chart. */
  rendermime: IRenderMimeRegistry | null;
  onOpen: (run: BatchRun) => void;
  onCancel: () => void;
  onRetry: () => void;
  onCopy: (text: string) => void;
  trans: TranslationBundle;
}

/** Rows that are in the page at first, and that come as one scrolls down. */
const STEP = 100;

/** The runs of a sweep: how far they are, a chart, and a table of what they were given and found out. */
export function ComparisonView(props: ComparisonProps): JSX.Element {
  const { health, batch, rendermime, trans } = props;
  const [order, setOrder] = React.useState<Order | null>(null);
  const [shown, setShown] = React.useState(STEP);
  const names = JSON.stringify([batch?.varied, batch?.results]);
  const columns = React.useMemo(() => (batch ? columnsOf(batch, trans) : []), [names]);
  const by = columns.find(({ key }) => key === order?.key);
  const runs = sorted(batch?.runs ?? [], by, order?.down ?? false);
  return (
    <div className="jns-Comparison" data-jns="comparison" onScroll={near(() => setShown(shown + STEP))}>
      <Notice health={health} trans={trans} />
      {!batch && !health.problem && <p className="jns-Empty">{trans.__('Loading…')}</p>}
      {batch && (
        <>
          <Progress {...props} batch={batch} runs={runs} columns={columns} />
          {rendermime && <Chart batch={batch} columns={columns} rendermime={rendermime} trans={trans} />}
          <table onKeyDown={moveFocus} aria-rowcount={runs.length + 1}>
            <Heads columns={columns} order={order} onOrder={setOrder} />
            <tbody>
              {runs.slice(0, shown).map(run => (
                <Row key={run.id} run={run} columns={columns} onOpen={props.onOpen} trans={trans} />
              ))}
            </tbody>
          </table>
          {batch.finished_at && !batch.results.length && (
            <p className="jns-Hint">{trans.__('Tag a cell “result”, and what it shows is compared here.')}</p>
          )}
        </>
      )}
    </div>
  );
}

type Known = ComparisonProps & { batch: Batch };

function Progress(props: Known & { runs: BatchRun[]; columns: Column[] }): JSX.Element {
  const { batch, now, runs, columns, trans } = props;
  const { done, left } = outlookOf(batch, now);
  const said = progressWords(batch, trans);
  const rest = left === null ? '' : ` · ${trans.__('about %1 left', span(Math.max(1, Math.round(left))))}`;
  const copy = (between: string) => props.onCopy(asText(runs, columns, between, trans));
  const actions: [hook: string, word: string, act: () => void, offered: boolean][] = [
    ['cancel-rest', trans.__('Cancel the rest'), props.onCancel, done < batch.total],
    ['retry-failed', trans.__('Retry the failed'), props.onRetry, batch.counts.failed > 0],
    ['copy-table', trans.__('Copy table'), () => copy('\t'), true],
    ['copy-csv', trans.__('Copy as CSV'), () => copy(','), true]
  ];
  return (
    <header>
      <h2>
        {batch.name}
        <span className="jns-Heading-of">{batch.notebook}</span>
      </h2>
      <div className="jns-Line">
        <div className="jns-Progress">
          <span role="status" data-jns="batch-progress">
            {said}
          </span>
          {rest}
          <Bar share={done / batch.total} label={said} />
        </div>
        <div className="jns-Buttons">
          {actions
            .filter(([, , , offered]) => offered)
            .map(([hook, word, act]) => (
              <button
                key={hook}
                type="button"
                className="jp-mod-styled jns-Secondary"
                data-jns={hook}
                onClick={act}
              >
                {word}
              </button>
            ))}
        </div>
      </div>
    </header>
  );
}

function Heads(props: {
  columns: Column[];
  order: Order | null;
  onOrder: (order: Order) => void;
}): JSX.Element {
  const { columns, order } = props;
  return (
    <thead>
      <tr>
        {columns.map(({ key, title }) => {
          const mine = order?.key === key;
          const down = mine && !order.down;
          return (
            <th
              key={key}
              scope="col"
              aria-sort={mine ? (order.down ? 'descending' : 'ascending') : undefined}
            >
              <button type="button" className="jns-Tab" onClick={() => props.onOrder({ key, down })}>
                {title}
                <span aria-hidden="true">{mine ? (order.down ? ' ↓' : ' ↑') : ''}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

const Row = React.memo(
  (props: {
    run: BatchRun;
    columns: Column[];
    onOpen: (run: BatchRun) => void;
    trans: TranslationBundle;
  }): JSX.Element => {
    const { run, columns, onOpen, trans } = props;
    return (
      <tr data-jns="batch-run" data-run={run.id} data-state={run.state} onClick={() => onOpen(run)}>
        {columns.map(column =>
          column.key === 'state' ? (
            <td key="state">
              <State run={run} trans={trans} />
            </td>
          ) : (
            <Value key={column.key} duration={column.key === 'duration'} value={column.value(run)} />
          )
        )}
      </tr>
    );
  }
);

/** Pressing it is pressing its row. */
function State({ run, trans }: { run: BatchRun; trans: TranslationBundle }): JSX.Element {
  const word = stateWord(run.state, trans);
  const ended = hasEnded(run.state);
  const error = errorLine(run, trans);
  const told = run.reason === 'capacity' ? null : (run.message ?? reasonWords(run, trans));
  const why = run.state === 'running' ? cellOf(run, trans) : (error ?? told);
  const spoken = [word, ...parameterTexts(run.parameters), why].filter(Boolean).join(', ');
  return (
    <button type="button" className="jns-Row-main" aria-label={spoken} title={why ?? undefined}>
      <Dot state={run.state} title={word} /> {word}{' '}
      <span className={ended && error ? 'jns-Row-wrong jns-mod-code' : 'jns-Row-why'}>{why}</span>
    </button>
  );
}

function Value({ value, duration }: { value: JSONValue; duration: boolean }): JSX.Element {
  const number = typeof value === 'number';
  const exact = plain(value);
  const text =
    duration && number ? span(value) : number ? String(Number(value.toPrecision(6))) : valueText(exact);
  return (
    <td className={number ? 'jns-mod-number' : undefined} title={text === exact ? undefined : exact}>
      {text}
    </td>
  );
}
