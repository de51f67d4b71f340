import * as React from 'react';
import type { JobAction, RunAction } from '../model/choices';
import { byDay } from '../model/rows';
import { Chunk } from '../parts/chunk';
import { moveFocus, near } from '../parts/longList';
import { Health, Notice } from '../parts/notice';
import { RunRow } from '../parts/runRow';
import type { Job, Run } from '../tokens/wire';
import { Filter, FilterProps } from './filter';
import { JobsSection } from './jobsSection';

export interface RunsProps extends FilterProps {
  health: Health;
  jobs: readonly Job[];
  moreJobs: boolean;
  runs: readonly Run[];
  moreRuns: boolean;
  loading: boolean;
  now: number;
  onMore: () => void;
  onRun: (action: RunAction, run: Run) => void;
  onJob: (action: JobAction, job: Job, anchor: HTMLElement) => void;
  onJobsMenu: (anchor: HTMLElement) => void;
}

const CHUNK = 20;

/** All runs of the workspace, live, with the jobs above them. */
export function RunsView(props: RunsProps): JSX.Element {
  const [selected, select] = React.useState<string | null>(null);
  const [root, setRoot] = React.useState<HTMLElement | null>(null);
  const { health, trans } = props;
  const narrowed = props.state !== null || props.only !== null || props.q !== '';
  return (
    <div className="jns-Panel" data-jns="runs-panel">
      <Notice health={health} trans={trans} />
      {!health.missing && (
        <>
          <Filter {...props} />
          <div className="jns-Scroll" ref={setRoot} onKeyDown={moveFocus} onScroll={near(props.onMore)}>
            {!narrowed && props.jobs.length > 0 && (
              <JobsSection {...props} onMenu={props.onJobsMenu} selected={selected} select={select} />
            )}
            <Days {...props} root={root} selected={selected} select={select} />
            <Foot {...props} narrowed={narrowed} />
          </div>
        </>
      )}
    </div>
  );
}

interface Selection {
  selected: string | null;
  select: (id: string) => void;
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

function Foot(props: RunsProps & { narrowed: boolean }): JSX.Element | null {
  const { loading, runs, jobs, trans } = props;
  if (loading) {
    return <p className="jns-Empty">{trans.__('Loading…')}</p>;
  }
  if (runs.length) {
    return null;
  }
  if (props.narrowed) {
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
