import type { ReactWidget } from '@jupyterlab/ui-components';

/** Goes to the first field of a form that the server refused. */
export async function showRefusal(form: ReactWidget): Promise<void> {
  form.update();
  await form.renderPromise;
  const first = form.node.querySelector('.jns-mod-invalid');
  first?.scrollIntoView({ block: 'center' });
  first?.querySelector<HTMLElement>('input, select')?.focus({ preventScroll: true });
}
