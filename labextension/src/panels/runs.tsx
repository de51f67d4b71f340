import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JobAction, RunAction } from '../model/choices';
import { byDay } from '../model/rows';
import { stateWord } from '../model/words';
import { Chunk } from '../parts/chunk';
import { JobRow } from '../parts/jobRow';
import { Health, Notice } from '../parts/notice';
import { RunRow } from '../parts/runRow';
import type { Counts, Job, Run, RunState } from '../tokens/wire';

export interface RunsProps {
  health: Health;
  jobs: readonly Job[];
  moreJobs: boolean;
  runs: readonly Run[];
  moreRuns: boolean;
  loading: boolean;
  counts: Counts | null;
  state: RunState | null;
  q: string;
  now: number;
  onState: (state: RunState | null) => void;
  onSearch: (q: string) => void;
  onMore: () => void;
  onRun: (action: RunAction, run: Run) => void;
  onJob: (action: JobAction, job: Job) => void;
  trans: TranslationBundle;
}

const TABS: readonly (RunState | null)[] = [null, 'failed', 'running', 'queued'];
const CHUNK = 40;
const FIRST_JOBS = 5;
const ROWS = '.jns-Row-main';

/** All runs of the workspace, live, with the jobs above them. */
export function RunsView(props: RunsProps): JSX.Element {
  const [selected, select] = React.useState<string | null>(null);
  const [root, setRoot] = React.useState<HTMLElement | null>(null);
  const { health, trans } = props;
  return (
    <div className="jns-Panel" data-jns="runs-panel">
      <Notice health={health} trans={trans} />
      {!health.missing && (
        <>
          <Filter {...props} />
          <div className="jns-Scroll" ref={setRoot} onKeyDown={moveFocus} onScroll={near(props.onMore)}>
            <JobsSection {...props} selected={selected} select={select} />
            <Days {...props} root={root} selected={selected} select={select} />
            <Foot {...props} />
          </div>
        </>
      )}
    </div>
  );
}

function Filter(props: RunsProps): JSX.Element {
  const { trans, counts, state } = props;
  return (
    <div className="jns-Filter">
      <div role="group" aria-label={trans.__('Show')} className="jns-Tabs">
        {TABS.map(tab => {
          const word = tab ? stateWord(tab, trans) : trans.__('All');
          const count = tab && counts?.[tab];
          return (
            <button
              key={word}
              type="button"
              aria-pressed={state === tab}
              className="jns-Tab"
              data-jns={`tab-${tab ?? 'all'}`}
              onClick={() => props.onState(tab)}
            >
              {word}
              {count ? ` ${count}` : ''}
            </button>
          );
        })}
      </div>
      <input
        type="search"
        className="jp-mod-styled jns-Search"
        placeholder={trans.__('Search by name or notebook')}
        aria-label={trans.__('Search runs by name or notebook')}
        data-jns="search"
        value={props.q}
        onChange={event => props.onSearch(event.target.value)}
      />
    </div>
  );
}

interface Selection {
  selected: string | null;
  select: (id: string) => void;
}

function JobsSection(props: RunsProps & Selection): JSX.Element | null {
  const { jobs, trans } = props;
  const [all, showAll] = React.useState(false);
  if (!jobs.length || props.state !== null || props.q) {
    return null;
  }
  const shown = all ? jobs : jobs.slice(0, FIRST_JOBS);
  const rest = jobs.length - shown.length;
  return (
    <section aria-label={trans.__('Scheduled')}>
      <h3 className="jns-Heading">{trans.__('Scheduled')}</h3>
      <ul className="jns-List">
        {shown.map(job => (
          <JobRow
            key={job.id}
            job={job}
            now={props.now}
            selected={props.selected === job.id}
            onSelect={props.select}
            onAct={props.onJob}
            trans={trans}
          />
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" className="jns-Link jns-More" onClick={() => showAll(true)}>
          {props.moreJobs ? trans.__('Show more') : trans.__('Show %1 more', rest)}
        </button>
      )}
    </section>
  );
}

function Days(props: RunsProps & Selection & { root: HTMLElement | null }): JSX.Element {
  const { trans, now, root } = props;
  return (
    <>
      {byDay(props.runs, now, trans).map(({ heading, runs }) => (
        <section key={heading} aria-label={heading}>
          <h3 className="jns-Heading">{heading}</h3>
          {chunks(runs).map((rows, index) => (
            <Chunk key={index} rows={rows.length} root={root}>
              {rows.map(run => (
                <RunRow
                  key={run.id}
                  run={run}
                  now={run.state === 'running' || run.state === 'queued' ? now : 0}
                  selected={props.selected === run.id}
                  onSelect={props.select}
                  onAct={props.onRun}
                  trans={trans}
                />
              ))}
            </Chunk>
          ))}
        </section>
      ))}
    </>
  );
}

function Foot({ loading, runs, jobs, state, q, trans }: RunsProps): JSX.Element | null {
  if (loading) {
    return <p className="jns-Empty">{trans.__('Loading…')}</p>;
  }
  if (runs.length) {
    return null;
  }
  if (state || q) {
    return <p className="jns-Empty">{trans.__('No run fits.')}</p>;
  }
  return (
    <p className="jns-Empty">
      {jobs.length
        ? trans.__('Nothing has run yet.')
        : trans.__('Nothing has run yet. Open a notebook and press the clock in its toolbar.')}
    </p>
  );
}

function chunks(runs: Run[]): Run[][] {
  const parts: Run[][] = [];
  for (let start = 0; start < runs.length; start += CHUNK) {
    parts.push(runs.slice(start, start + CHUNK));
  }
  return parts;
}

/** Calls when the end of the list comes near. */
function near(onMore: () => void): React.UIEventHandler<HTMLElement> {
  return ({ currentTarget: box }) => {
    if (box.scrollTop + box.clientHeight > box.scrollHeight - 600) {
      onMore();
    }
  };
}

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: at => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last
};

/** Arrow keys go from row to row. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step) {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(ROWS)];
    const at = rows.findIndex(row => row.parentElement?.contains(document.activeElement));
    rows[step(at, rows.length - 1)]?.focus();
    event.preventDefault();
  }
}
