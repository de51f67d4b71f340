import * as React from 'react';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JobAction, RunAction } from '../model/choices';
import type { ParametersSession } from '../model/parameters';
import { JobRow } from '../parts/jobRow';
import { Health, Notice } from '../parts/notice';
import { ParameterForm } from '../parts/parameterForm';
import { askName, PresetBar } from '../parts/presetBar';
import { RunRow } from '../parts/runRow';
import type { Arrangement, Candidate, Job, LineProblem, Run } from '../tokens/wire';
import { AddParameter } from './addParameter';
import { ParametersCell } from './parametersCell';

export interface ParametersProps {
  health: Health;
  /** The file name of the notebook in front, or null where there is none that can be run. */
  notebook: string | null;
  /** Its whole path, which tells it from another of that name. */
  path: string;
  session: ParametersSession | null;
  busy: boolean;
  activeCell: number;
  jobs: readonly Job[];
  runs: readonly Run[];
  moreRuns: boolean;
  now: number;
  /** Goes to where a parameter is assigned. */
  onShow: (name: string) => void;
  onProblem: (problem: LineProblem) => void;
  onLook: () => Promise<Candidate[] | null>;
  /** The server's messages by field where it refused. */
  onArrange: (arrangement: Arrangement) => Promise<Record<string, string> | null>;
  onRunNow: () => void;
  onSchedule: () => void;
  onSweep: () => void;
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
  const { session, trans } = props;
  return (
    <section aria-label={trans.__('Parameters')}>
      <h3 className="jns-Heading">
        {trans.__('Parameters')}
        <span className="jns-Heading-of">{props.notebook}</span>
      </h3>
      <div className="jns-Body">
        {session?.inspection?.cell_index === null && !session.readOnly() ? (
          <ParametersCell
            key={props.path}
            activeCell={props.activeCell}
            onLook={props.onLook}
            onArrange={props.onArrange}
            onEmpty={props.onMakeCell}
            trans={trans}
          />
        ) : (
          <Form key={props.path} {...props} />
        )}
        <Problems {...props} />
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
          <button
            type="button"
            className="jp-mod-styled jns-Secondary"
            data-jns="sweep"
            onClick={props.onSweep}
          >
            {trans.__('Sweep…')}
          </button>
        </div>
      </div>
    </section>
  );
}

function Form(props: ParametersProps): JSX.Element {
  const { session, trans } = props;
  const [preset, choose] = React.useState('');
  const inspection = session?.inspection;
  if (!session || !inspection) {
    return <p className="jns-Empty">{trans.__('Loading…')}</p>;
  }
  const { parameters, schema } = inspection;
  const { values, presets, errors } = session;
  const onKeep = session.readOnly() ? undefined : (name: string) => void keep(name);
  const keep = async (name: string) => {
    if (await session.settle()) {
      choose(name);
      session.keep(name);
    } else {
      Notification.warning(trans.__('Not saved: some parameters are not valid yet.'), { autoClose: 5000 });
    }
  };
  return (
    <>
      {schema.title && <h4 className="jns-Form-title">{schema.title}</h4>}
      {schema.description && <p className="jns-Hint">{schema.description}</p>}
      <PresetBar
        presets={presets}
        parameters={parameters}
        values={values}
        chosen={preset}
        choose={choose}
        onFill={filled => session.fill(filled)}
        onKeep={onKeep}
        onRename={(name, to) => session.rename(name, to)}
        trans={trans}
      />
      {parameters.length ? (
        <ParameterForm
          id="jns-panel"
          parameters={parameters}
          schema={schema}
          values={values}
          errors={errors}
          onEdit={(name, value) => session.edit(name, value)}
          onShow={props.onShow}
          onRemove={onKeep && (name => void props.onArrange({ remove: [name] }))}
          trans={trans}
        />
      ) : (
        <p className="jns-Empty">
          {inspection.cell_index === null
            ? trans.__('This notebook has no parameters.')
            : trans.__('The parameters cell assigns nothing yet.')}
        </p>
      )}
      {onKeep && <Changes {...props} onKeep={parameters.length && !presets.length ? onKeep : undefined} />}
    </>
  );
}

/** What changes the form itself. */
function Changes(props: ParametersProps & { onKeep?: (name: string) => void }): JSX.Element {
  const { onKeep, trans } = props;
  const [adding, add] = React.useState<boolean>();
  return adding ? (
    <AddParameter onArrange={props.onArrange} onDone={() => add(false)} trans={trans} />
  ) : (
    <div className="jns-Links">
      <button
        type="button"
        className="jns-Link"
        data-jns="add-parameter"
        autoFocus={adding === false}
        onClick={() => add(true)}
      >
        {trans.__('Add a parameter…')}
      </button>
      {onKeep && (
        <button
          type="button"
          className="jns-Link"
          data-jns="save-preset"
          onClick={() => void askName([], '', trans, onKeep)}
        >
          {trans.__('Save as preset…')}
        </button>
      )}
    </div>
  );
}

function Problems(props: ParametersProps): JSX.Element | null {
  const { session, trans, onProblem } = props;
  const problems = session?.inspection?.problems ?? [];
  return problems.length ? (
    <ul className="jns-Problems" role="status" data-jns="problems">
      {problems.map(problem => (
        <li key={`${problem.cell} ${problem.line} ${problem.message}`}>
          {problem.line === null ? (
            problem.message
          ) : (
            <button type="button" className="jns-Problem" onClick={() => onProblem(problem)}>
              {problem.cell === undefined
                ? trans.__('Line %1: %2', problem.line, problem.message)
                : problem.message}
            </button>
          )}
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
    <section aria-label={trans.__('Scheduled')}>
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
