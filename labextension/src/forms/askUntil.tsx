import * as React from 'react';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { instantOf, wallOf } from '../model/instants';
import { browserZone } from '../model/times';
import { LabelledInput } from '../parts/labelledInput';

const DAY = 86_400_000;

/** Asks for a moment to come, in the viewer's time zone. */
class UntilBody extends ReactWidget implements Dialog.IBodyWidget<string> {
  constructor(
    private readonly _now: number,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jns-Widget');
  }

  getValue(): string {
    return instantOf(this.node.querySelector('input')?.value ?? '', browserZone());
  }

  protected render(): JSX.Element {
    const zone = browserZone();
    const [soonest, tomorrow] = [this._now, this._now + DAY].map(instant =>
      wallOf(new Date(instant).toISOString(), zone).slice(0, 16)
    );
    return (
      <LabelledInput
        id="jns-pause-until"
        label={this._trans.__('Resumes by itself at')}
        help={this._trans.__('A time to come, in %1', zone)}
      >
        <input
          type="datetime-local"
          className="jp-mod-styled"
          data-jns="pause-until"
          required
          min={soonest}
          defaultValue={tomorrow}
        />
      </LabelledInput>
    );
  }
}

/** Until when a job rests, as an instant; null where the person thinks better of it. */
export async function askUntil(job: string, now: number, trans: TranslationBundle): Promise<string | null> {
  const { button, value } = await showDialog({
    title: trans.__('Pause “%1” until…', job),
    body: new UntilBody(now, trans),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Pause') })
    ],
    focusNodeSelector: 'input'
  });
  return button.accept ? value : null;
}
