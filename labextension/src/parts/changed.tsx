import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Above an output that is not the one that was recorded, and above copies of it. */
export function Changed({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <p className="jns-Row-wrong" role="alert" data-jns="changed-file">
      {trans.__('The output was changed: it is not what the run recorded.')}
    </p>
  );
}
