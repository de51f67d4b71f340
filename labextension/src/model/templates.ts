/** Values that are worked out anew for each run: `{{ scheduled_for | date }}`. */
import type { JSONValue } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

export function isTemplate(value: JSONValue | undefined): value is string {
  return typeof value === 'string' && value.includes('{{');
}

/** What can be put into one, and what it stands for. */
export function examples(trans: TranslationBundle): [template: string, meaning: string][] {
  return [
    ['{{ scheduled_for | date }}', trans.__('The day it is due')],
    ['{{ scheduled_for | date(-1) }}', trans.__('The day before')],
    ['{{ scheduled_for }}', trans.__('The time it is due')],
    ['{{ run_dir }}', trans.__('The folder for the run’s files')],
    ["{{ secret('NAME') }}", trans.__('A secret')]
  ];
}
