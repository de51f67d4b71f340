import { createElement } from 'react';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { Backfilling } from '../model/backfilling';
import { BackfillForm } from './backfill';

class BackfillBody extends ReactWidget {
  constructor(
    private readonly backfilling: Backfilling,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jns-Widget');
    backfilling.changed.connect(this._redraw, this);
  }

  protected render(): JSX.Element {
    const { draft, zone, slots, errors, problem } = this.backfilling;
    return createElement(BackfillForm, {
      draft,
      zone,
      slots,
      errors,
      problem,
      onChange: part => this.backfilling.change(part),
      trans: this._trans
    });
  }

  protected override onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    void this.renderPromise?.then(() => this.node.dispatchEvent(new Event('input', { bubbles: true })));
  }

  private _redraw(): void {
    this.update();
  }
}

/** Lets a person choose what to backfill; whether to go on. */
export async function askBackfill(backfilling: Backfilling, trans: TranslationBundle): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Backfill “%1”', backfilling.job.name),
    body: new BackfillBody(backfilling, trans),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Start') })
    ],
    focusNodeSelector: 'input'
  });
  return button.accept;
}
