import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isBehind, JobAction, jobActions, jobActionWord } from '../model/choices';
import { cannotRun, lastResult, nextTime, pausedWords, problemWords } from '../model/jobWords';
import { scheduleWords } from '../model/schedule';
import { dateAndTime } from '../model/times';
import { stateWord } from '../model/words';
import type { Job } from '../tokens/wire';
import { Dot } from './dot';
import { Links } from './links';

export interface JobRowProps {
  job: Job;
  now: number;
  /** Always offers its actions; else only where it is selected. */
  open?: boolean;
  selected: boolean;
  onSelect: (id: string) => void;
  onAct: (action: JobAction, job: Job, anchor: HTMLElement) => void;
  trans: TranslationBundle;
}

/** A job: its name and next time, its schedule in words and how it last went. */
export const JobRow = React.memo((props: JobRowProps): JSX.Element => {
  const { job, now, selected, onSelect, onAct, trans } = props;
  const next = nextTime(job, now, trans);
  const why = [pausedWords(job, now, trans), scheduleWords(job, now, trans), lastResult(job, now, trans)];
  const said = why.filter(Boolean);
  const problem = problemWords(job, trans);
  return (
    <li
      className={`jns-Row ${selected ? 'jns-mod-selected' : ''}`}
      data-jns="job"
      data-job={job.id}
      data-paused={job.paused}
    >
      <JobDot job={job} trans={trans} />
      <button
        type="button"
        className="jns-Row-main"
        aria-label={[job.name, next, ...said, problem].filter(Boolean).join(', ')}
        aria-expanded={selected}
        title={[job.next_run_at && dateAndTime(job.next_run_at), ...said].filter(Boolean).join('\n')}
        onFocus={() => onSelect(job.id)}
        onClick={() => onSelect(job.id)}
      >
        <span className="jns-Row-line">
          <span className="jns-Row-what">{job.name}</span>
          <span className="jns-Row-when">{next}</span>
        </span>
        <span className="jns-Row-why" data-jns="schedule-words">
          {said.join(' · ')}
        </span>
        {problem && (
          <span className="jns-Row-wrong" data-jns="job-problem">
            {problem}
          </span>
        )}
        {isBehind(job) && (
          <span className="jns-Row-why">{trans.__('Runs another version than this file')}</span>
        )}
      </button>
      {(selected || props.open) && (
        <Links
          actions={jobActions(job)}
          word={action => jobActionWord(action, trans)}
          about={job.name}
          onAct={(action, anchor) => onAct(action, job, anchor)}
        />
      )}
    </li>
  );
});

function JobDot({ job, trans }: { job: Job; trans: TranslationBundle }): JSX.Element {
  if (cannotRun(job)) {
    return <Dot state="problem" title={trans.__('Needs attention')} />;
  }
  if (job.paused) {
    return <Dot state="paused" title={trans.__('Paused')} />;
  }
  return job.last_run ? (
    <Dot state={job.last_run.state} title={stateWord(job.last_run.state, trans)} />
  ) : (
    <Dot state="new" title={trans.__('Has not run yet')} />
  );
}
