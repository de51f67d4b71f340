import { createElement } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { messageOf } from '../api/problem';
import type { Workspace } from '../model/workspace';
import type { Run } from '../tokens/wire';
import { RunComparison } from './runComparison';

/** How many other runs are offered. */
const OFFERED = 50;

/** The content of a tab that compares one run with something. */
export class RunComparisonTab extends ReactWidget {
  constructor(
    private readonly _workspace: Workspace,
    private readonly trans: TranslationBundle,
    private readonly _runId: string,
    against: string | null
  ) {
    super();
    this.addClass('jns-Widget');
    this.against = against ?? 'last_success';
    void this._find();
  }

  against: string;

  /** Compares with something else. */
  readonly choose = (against: string): void => {
    this.against = against;
    this.update();
  };

  protected render(): JSX.Element {
    const { run, against, others, trans } = this;
    return createElement(RunComparison, {
      run,
      against,
      others,
      onAgainst: this.choose,
      load: theme => this._workspace.server.runs.comparison(this._runId, against, theme),
      trans
    });
  }

  private async _find(): Promise<void> {
    const { runs } = this._workspace.server;
    try {
      this.run = await runs.get(this._runId);
      const { job_id, notebook } = this.run;
      const page = await runs.page({ ...(job_id ? { job: job_id } : { notebook }), limit: OFFERED });
      this.others = page.runs.filter(({ id, output }) => output !== null && id !== this._runId);
    } catch (error) {
      console.warn(messageOf(error)); // the page says so, too
    }
    this.update();
  }

  private run: Run | null = null;
  private others: readonly Run[] = [];
}
