import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Asks once whether something is to be lost; saying no is the default. */
export async function agreed(
  title: string,
  body: string,
  label: string,
  trans: TranslationBundle,
  no = trans.__('Cancel')
): Promise<boolean> {
  const buttons = [Dialog.cancelButton({ label: no }), Dialog.warnButton({ label })];
  return (await showDialog({ title, body, buttons, defaultButton: 0 })).button.accept;
}
