import * as React from 'react';
import { deleteIcon, ellipsesIcon, LabIcon } from '@jupyterlab/ui-components';

export interface LinksProps<Action extends string> {
  actions: readonly Action[];
  word: (action: Action) => string;
  /** What the actions are done to, for those who hear them out of their row. */
  about: string;
  onAct: (action: Action, anchor: HTMLElement) => void;
}

/** Actions that are shown as a picture; their word is a tooltip. */
const ICONS: Record<string, LabIcon> = { more: ellipsesIcon, delete: deleteIcon };

/** Actions as words in a row's own line. */
export function Links<Action extends string>(props: LinksProps<Action>): JSX.Element {
  const words = props.actions.filter(action => !(action in ICONS));
  const icons = props.actions.filter(action => action in ICONS);
  return (
    <div className="jns-Links">
      {words.map(action => (
        <Link key={action} {...props} action={action} />
      ))}
      {icons.length > 0 && (
        <span className="jns-Links-icons">
          {icons.map(action => (
            <Link key={action} {...props} action={action} />
          ))}
        </span>
      )}
    </div>
  );
}

function Link<Action extends string>(props: LinksProps<Action> & { action: Action }): JSX.Element {
  const { action } = props;
  const word = props.word(action);
  const icon = ICONS[action];
  return (
    <button
      type="button"
      className={icon ? 'jns-Link jns-mod-icon' : 'jns-Link'}
      title={icon && word}
      data-jns={action}
      aria-label={`${word}: ${props.about}`}
      aria-haspopup={action === 'more' ? 'menu' : undefined}
      onClick={event => props.onAct(action, event.currentTarget)}
    >
      {icon ? <icon.react tag="span" width="14px" height="14px" /> : word}
    </button>
  );
}
