import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ellipsesIcon } from '@jupyterlab/ui-components';
import type { JobAction } from '../model/choices';
import { JobRow } from '../parts/jobRow';
import type { Job } from '../tokens/wire';

export interface JobsProps {
  jobs: readonly Job[];
  moreJobs: boolean;
  now: number;
  selected: string | null;
  select: (id: string) => void;
  onJob: (action: JobAction, job: Job, anchor: HTMLElement) => void;
  onMenu: (anchor: HTMLElement) => void;
  trans: TranslationBundle;
}

const FIRST = 5;

/** The jobs of the workspace, soonest first, above its runs. */
export function JobsSection(props: JobsProps): JSX.Element {
  const { jobs, trans } = props;
  const [all, showAll] = React.useState(false);
  const shown = all ? jobs : jobs.slice(0, FIRST);
  const rest = jobs.length - shown.length;
  return (
    <section aria-label={trans.__('Scheduled')}>
      <div className="jns-Heading">
        <h3>{trans.__('Scheduled')}</h3>
        <button
          type="button"
          className="jns-Link jns-mod-icon"
          data-jns="jobs-menu"
          title={trans.__('All jobs')}
          aria-label={trans.__('All jobs')}
          aria-haspopup="menu"
          onClick={event => props.onMenu(event.currentTarget)}
        >
          <ellipsesIcon.react tag="span" width="14px" height="14px" />
        </button>
      </div>
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
