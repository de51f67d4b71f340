/** The look of all views. */
import form from '../../style/form.raw.css';
import output from '../../style/output.raw.css';
import panel from '../../style/panel.raw.css';
import row from '../../style/row.raw.css';
import sweep from '../../style/sweep.raw.css';
import version from '../../style/version.raw.css';

function add(href: string): Promise<unknown> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
  return new Promise(settle => (link.onload = link.onerror = settle));
}

/** Settles also where a sheet is not to be had: a plain view is better than none. */
export function addStyles(): Promise<unknown> {
  return Promise.all([panel, row, form, output, sweep, version].map(add));
}
