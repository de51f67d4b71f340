import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { JobAction } from '../model/choices';
import type { Draft } from '../model/draft';
import type { FieldErrors } from '../model/fieldErrors';
import { shownValues } from '../model/parameters';
import { moment } from '../model/times';
import { JobRow } from '../parts/jobRow';
import { LabelledInput } from '../parts/labelledInput';
import { Health, Notice } from '../parts/notice';
import { ParameterForm } from '../parts/parameterForm';
import { PresetBar } from '../parts/presetBar';
import { Select } from '../parts/select';
import type { Inspection, Job, TriggerPreview } from '../tokens/wire';
import { Policies } from './policies';
import { WhenForm } from './when';

export interface ScheduleProps {
  /** Tells the ids of this form's inputs from those of another one on the page. */
  id: string;
  health: Health;
  draft: Draft;
  /** The job that is edited; null for a new one. */
  editing: Job | null;
  inspection: Inspection | null;
  jobs: readonly Job[];
  kernels: readonly { name: string; title: string }[];
  zones: readonly string[];
  preview: TriggerPreview | null;
  errors: FieldErrors;
  parameterErrors: FieldErrors;
  /** What the templates among the values would be next. */
  rendered: JSONObject;
  problem: string | null;
  /** Somebody else changed the job meanwhile. */
  stale: boolean;
  busy: boolean;
  now: number;
  onChange: (part: Partial<Draft>) => void;
  onParameter: (name: string, value: JSONValue) => void;
  onReset: (name: string) => void;
  onJob: (action: JobAction, job: Job, anchor: HTMLElement) => void;
  onSend: () => void;
  onTest: () => void;
  onReload: () => void;
  trans: TranslationBundle;
}

/** The *Schedule* form: what runs, with which values, when. */
export function ScheduleForm(props: ScheduleProps): JSX.Element {
  const { draft, editing, health, trans } = props;
  if (health.missing) {
    return <Notice health={health} trans={trans} />;
  }
  return (
    <div className="jns-Schedule" data-jns="schedule-form">
      <Notice health={health} trans={trans} />
      <h2>
        {editing ? trans.__('Edit %1', editing.name) : trans.__('Run or schedule')}
        <span className="jns-Heading-of">{draft.notebook}</span>
      </h2>
      {!editing && <Existing {...props} />}
      <What {...props} />
      <Values {...props} />
      <fieldset>
        <legend>{trans.__('When')}</legend>
        <WhenForm
          id={`${props.id}-when`}
          when={draft.when}
          zones={props.zones}
          preview={props.preview}
          errors={props.errors}
          onWhen={part => props.onChange({ when: { ...draft.when, ...part } })}
          trans={trans}
        />
        <p className="jns-Hint">
          {trans.__(
            'Schedules fire while this server is up. To have them fire without it: jupyter notebook-sched worker'
          )}
        </p>
      </fieldset>
      <Version {...props} />
      <More {...props} />
      <Send {...props} />
    </div>
  );
}

function Existing(props: ScheduleProps): JSX.Element | null {
  const { jobs, trans } = props;
  const [selected, select] = React.useState<string | null>(null);
  return jobs.length ? (
    <section className="jns-Existing" aria-label={trans.__('Already scheduled')}>
      <h3 className="jns-Heading">{trans.__('Already scheduled')}</h3>
      <ul className="jns-List">
        {jobs.map(job => (
          <JobRow
            key={job.id}
            job={job}
            now={props.now}
            open
            selected={selected === job.id}
            onSelect={select}
            onAct={props.onJob}
            trans={trans}
          />
        ))}
      </ul>
    </section>
  ) : null;
}

function What(props: ScheduleProps): JSX.Element {
  const { id, draft, errors, trans } = props;
  return (
    <div className="jns-Grid">
      <LabelledInput id={`${id}-name`} label={trans.__('Name')} error={errors.name}>
        <input
          type="text"
          className="jp-mod-styled"
          data-jns="name"
          value={draft.name}
          onChange={event => props.onChange({ name: event.target.value })}
        />
      </LabelledInput>
      <LabelledInput id={`${id}-kernel`} label={trans.__('Kernel')} error={errors.kernel}>
        <Select
          hook="kernel"
          value={draft.kernel ?? ''}
          options={[
            ['', ownKernel(props)],
            ...props.kernels.map(({ name, title }) => [name, title] as const)
          ]}
          onValue={kernel => props.onChange({ kernel: kernel || null })}
        />
      </LabelledInput>
    </div>
  );
}

function ownKernel({ inspection, kernels, trans }: ScheduleProps): string {
  const own = kernels.find(({ name }) => name === inspection?.kernel)?.title ?? inspection?.kernel;
  return own ? trans.__('The notebook’s own (%1)', own) : trans.__('The notebook’s own');
}

function Values(props: ScheduleProps): JSX.Element {
  const { inspection, draft, rendered, trans } = props;
  const { parameters = [], schema, presets = [] } = inspection ?? {};
  const values = shownValues(parameters, draft.parameters);
  const [preset, choose] = React.useState('');
  return (
    <fieldset>
      <legend>{trans.__('Parameters')}</legend>
      <PresetBar
        presets={presets}
        parameters={parameters}
        values={values}
        chosen={preset}
        choose={choose}
        onFill={filled => props.onChange({ parameters: { ...draft.parameters, ...filled } })}
        trans={trans}
      />
      {parameters.length ? (
        <ParameterForm
          id={props.id}
          parameters={parameters}
          schema={schema}
          values={values}
          errors={props.parameterErrors}
          templates={draft.templates ? rendered : undefined}
          onEdit={props.onParameter}
          onReset={props.onReset}
          trans={trans}
        />
      ) : (
        <p className="jns-Hint">
          {inspection ? trans.__('This notebook has no parameters.') : trans.__('Loading…')}
        </p>
      )}
    </fieldset>
  );
}

const RARE =
  /^(on_missed|late_limit|max_catch_up|on_overlap|max_parallel|retry|timeout|cell_timeout|keep_|tags|description)/;

/** What is rarely set; open where the server has something to say about it. */
function More(props: ScheduleProps): JSX.Element {
  const [open, setOpen] = React.useState(false);
  const wrong = Object.keys(props.errors).some(field => RARE.test(field));
  return (
    <details
      className="jns-Details"
      data-jns="more-settings"
      open={open || wrong}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{props.trans.__('More')}</summary>
      <Policies
        id={props.id}
        draft={props.draft}
        errors={props.errors}
        onChange={props.onChange}
        trans={props.trans}
      />
    </details>
  );
}

function Version(props: ScheduleProps): JSX.Element {
  const { draft, trans } = props;
  const saved = props.inspection?.last_modified;
  const fixed = saved
    ? trans.__('Fixed version: the file as saved at %1', moment(saved, props.now))
    : trans.__('Fixed version');
  const choices = [
    ['pinned', props.editing ? trans.__('Fixed version: the one chosen when it was scheduled') : fixed],
    ['live', trans.__('Always the current file')]
  ] as const;
  return (
    <fieldset data-jns="version">
      <legend>{trans.__('Version')}</legend>
      {choices.map(([source, words]) => (
        <label key={source} className="jns-Choice">
          <input
            type="radio"
            name={`${props.id}-source`}
            value={source}
            checked={draft.source === source}
            onChange={() => props.onChange({ source })}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

function Send(props: ScheduleProps): JSX.Element {
  const { problem, stale, busy, trans } = props;
  return (
    <div className="jns-Send">
      {problem && (
        <p className="jns-Field-error" role="alert">
          {problem}{' '}
          {stale && (
            <button type="button" className="jns-Link" onClick={props.onReload}>
              {trans.__('Load it as it is now')}
            </button>
          )}
        </p>
      )}
      <div className="jns-Buttons">
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          data-jns="send"
          disabled={busy}
          onClick={props.onSend}
        >
          {props.editing ? trans.__('Save') : trans.__('Schedule')}
        </button>
        <button
          type="button"
          className="jp-mod-styled jns-Secondary"
          disabled={busy}
          title={trans.__('Run it once now, with these values')}
          onClick={props.onTest}
        >
          {trans.__('Test run')}
        </button>
      </div>
    </div>
  );
}
