import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { JobAction, RunAction } from '../model/choices';
import { JobRow } from '../parts/jobRow';
import { Health, Notice } from '../parts/notice';
import { ParameterForm } from '../parts/parameterForm';
import { RunRow } from '../parts/runRow';
import type { Inspection, Job, Run } from '../tokens/wire';

export interface ParametersProps {
  health: Health;
  /** The file name of the notebook in front, or null where there is none that can be run. */
  notebook: string | null;
  inspection: Inspection | null;
  values: JSONObject;
  errors: Record<string, string>;
  busy: boolean;
  /** Whether a code cell is active that could become the parameters cell. */
  activeCell: boolean;
  jobs: readonly Job[];
  runs: readonly Run[];
  moreRuns: boolean;
  now: number;
  onEdit: (name: string, value: JSONValue) => void;
  onRunNow: () => void;
  onSchedule: () => void;
  onMakeCell: () => void;
  onMore: () => void;
  onRun: (action: RunAction, run: Run) => void;
  onJob: (action: JobAction, job: Job, anchor: HTMLElement) => void;
  trans: TranslationBundle;
}

/** The parameters of the notebook in front, then its jobs, then its recent runs. */
export function ParametersView(props: ParametersProps): JSX.Element {
  const { health, notebook, trans } = props;
  const [selected, select] = React.useState<string | null>(null);
  return (
    <div className="jns-Panel" data-jns="parameters-panel">
      <Notice health={health} trans={trans} />
      {!health.missing && (
        <div className="jns-Scroll">
          {notebook === null ? (
            <p className="jns-Empty">{trans.__('Open a notebook to see its parameters here.')}</p>
          ) : (
            <>
              <Values {...props} />
              <Scheduled {...props} selected={selected} select={select} />
              <Recent {...props} selected={selected} select={select} />
            </>
          )}
        </div>
      )}
    </div>
  );
}

function Values(props: ParametersProps): JSX.Element {
  const { inspection, trans } = props;
  return (
    <section aria-label={trans.__('Parameters')} className="jns-Values">
      <h3 className="jns-Heading">
        {trans.__('Parameters')}
        <span className="jns-Heading-of">{props.notebook}</span>
      </h3>
      <div className="jns-Body">
        {inspection?.cell_index === null ? <NoCell {...props} /> : <Form {...props} />}
        <Problems inspection={inspection} trans={trans} />
        <div className="jns-Buttons">
          <button
            type="button"
            className="jp-mod-styled jp-mod-accept"
            data-jns="run-now"
            disabled={props.busy}
            title={trans.__('Save the notebook and run a copy of it with these values')}
            onClick={props.onRunNow}
          >
            {trans.__('Run now')}
          </button>
          <button
            type="button"
            className="jp-mod-styled jns-Secondary"
            data-jns="schedule"
            onClick={props.onSchedule}
          >
            {trans.__('Schedule…')}
          </button>
        </div>
      </div>
    </section>
  );
}

function Form(props: ParametersProps): JSX.Element {
  const { inspection, trans } = props;
  if (!inspection) {
    return <p className="jns-Empty">{trans.__('Loading…')}</p>;
  }
  if (!inspection.parameters.length) {
    return <p className="jns-Empty">{trans.__('The parameters cell assigns nothing yet.')}</p>;
  }
  return (
    <ParameterForm
      id="jns-panel"
      parameters={inspection.parameters}
      values={props.values}
      errors={props.errors}
      onEdit={props.onEdit}
      trans={trans}
    />
  );
}

function NoCell(props: ParametersProps): JSX.Element {
  const { trans, activeCell } = props;
  return (
    <div className="jns-NoCell" data-jns="no-parameters-cell">
      <p>
        {trans.__(
          'No parameters cell yet. Tag a cell “parameters”, and what it assigns can be set here and for each run.'
        )}
      </p>
      <button
        type="button"
        className="jp-mod-styled jns-Secondary"
        data-jns="make-parameters-cell"
        onClick={props.onMakeCell}
      >
        {activeCell
          ? trans.__('Use the active cell as the parameters cell')
          : trans.__('Insert a parameters cell on top')}
      </button>
    </div>
  );
}

function Problems(props: { inspection: Inspection | null; trans: TranslationBundle }): JSX.Element | null {
  const problems = props.inspection?.problems ?? [];
  return problems.length ? (
    <ul className="jns-Problems" role="status" data-jns="problems">
      {problems.map(({ line, message }) => (
        <li key={`${line} ${message}`}>
          {line === null ? message : props.trans.__('Line %1: %2', line, message)}
        </li>
      ))}
    </ul>
  ) : null;
}

interface Selection {
  selected: string | null;
  select: (id: string) => void;
}

function Scheduled(props: ParametersProps & Selection): JSX.Element | null {
  const { jobs, trans } = props;
  return jobs.length ? (
    <section aria-label={trans.__('Scheduled')} data-jns="scheduled">
      <h3 className="jns-Heading">{trans.__('Scheduled')}</h3>
      <ul className="jns-List">
        {jobs.map(job => (
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
    </section>
  ) : null;
}

function Recent(props: ParametersProps & Selection): JSX.Element {
  const { runs, trans } = props;
  return (
    <section aria-label={trans.__('Recent runs')} data-jns="recent-runs">
      <h3 className="jns-Heading">{trans.__('Recent runs')}</h3>
      {!runs.length && <p className="jns-Empty">{trans.__('This notebook has not run yet.')}</p>}
      <ul className="jns-List">
        {runs.map(run => (
          <RunRow
            key={run.id}
            run={run}
            now={run.state === 'running' || run.state === 'queued' ? props.now : 0}
            ofNotebook
            selected={props.selected === run.id}
            onSelect={props.select}
            onAct={props.onRun}
            trans={trans}
          />
        ))}
      </ul>
      {props.moreRuns && (
        <button type="button" className="jns-Link jns-More" onClick={props.onMore}>
          {trans.__('Show more')}
        </button>
      )}
    </section>
  );
}
