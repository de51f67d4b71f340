import type { TranslationBundle } from '@jupyterlab/translation';
import type { Run } from '../tokens/wire';
import { moment, span } from './times';
import { stateWord } from './words';

/** The cell to look at first: the one that failed, or was going on when the run was stopped. */
export function cellToShow({ error, cells }: Run): number | null {
  const broken = cells?.find(({ outcome }) => outcome === 'failed' || outcome === 'interrupted');
  return error?.cell_index ?? broken?.index ?? null;
}

/** The cell from which the run has to go on: where it failed, else the first that did not run. */
export function cellToMend(run: Run): number | null {
  return cellToShow(run) ?? run.cells?.find(({ outcome }) => outcome === 'not_run')?.index ?? null;
}

/** What it takes to come to that cell on a fresh kernel: `the 5 cells above took 38 s`; empty where there are none. */
export function replayWords(run: Run, trans: TranslationBundle): string {
  const mended = cellToMend(run) ?? 0;
  const above = (run.cells ?? []).filter(({ index, outcome }) => index < mended && outcome !== 'skipped');
  const took = span(above.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0));
  return above.length
    ? trans._n('The cell above took %2.', 'The %1 cells above took %2.', above.length, took)
    : '';
}

/** What becomes of the variables of a run: until when they are kept, or what a copy has to do without them. */
export function variableWords(run: Run, now: number, trans: TranslationBundle): string {
  const { kernel_alive_until } = run;
  return kernel_alive_until
    ? trans.__('Variables are kept until %1', moment(kernel_alive_until, now))
    : `${trans.__('No kernel is kept: a copy gets a fresh one.')} ${replayWords(run, trans)}`.trim();
}

/** How a debug copy stands to the run that it is a copy of. */
export interface CopyState {
  run: Run;
  /** The notebook is on the run's own kernel. */
  attached: boolean;
  /** Why the server could not hand that kernel over. */
  told: string | null;
  /** The cells above have run again, on the kernel that it is on. */
  replayed: boolean;
}

export type CopyAction = 'connect' | 'replay' | 'continue' | 'publish' | 'retry';

/** What is offered above a debug copy, the one to press last. */
export function copyActions({ run, attached, told, replayed }: CopyState): CopyAction[] {
  if (run.state === 'queued' || run.state === 'running') {
    return [];
  }
  if (run.kernel_alive_until === null || (told && !attached)) {
    if (run.state === 'succeeded') {
      return ['retry', 'publish'];
    }
    return replayed ? ['replay', 'retry', 'publish'] : ['retry', 'publish', 'replay'];
  }
  return attached ? ['retry', 'continue', 'publish'] : ['retry', 'publish', 'connect'];
}

export function copyActionWord(action: CopyAction, trans: TranslationBundle): string {
  const words: Record<CopyAction, string> = {
    connect: trans.__('Use its kernel'),
    replay: trans.__('Run the cells above'),
    continue: trans.__('Continue from the failed cell'),
    publish: trans.__('Use this version…'),
    retry: trans.__('Retry')
  };
  return words[action];
}

/** What there is of the run's variables, for one who stands in the copy. */
export function copyWords(
  { run, attached, told, replayed }: CopyState,
  now: number,
  trans: TranslationBundle
): string {
  const until = run.kernel_alive_until;
  if (until === null || (told && !attached)) {
    if (run.state === 'succeeded') {
      return stateWord(run.state, trans);
    }
    const why = told ?? trans.__('Its variables are gone.');
    return replayed
      ? trans.__('The cells above have run again.')
      : `${why} ${replayWords(run, trans)}`.trim();
  }
  const left = span(Math.max(0, (Date.parse(until) - now) / 1000));
  return attached
    ? trans.__('Its variables are here, kept for %1', left)
    : trans.__('Its variables are elsewhere, kept for %1', left);
}
