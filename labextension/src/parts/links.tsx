import * as React from 'react';
import { deleteIcon } from '@jupyterlab/ui-components';

export interface LinksProps<Action extends string> {
  actions: readonly Action[];
  word: (action: Action) => string;
  /** What the actions are done to, for those who hear them out of their row. */
  about: string;
  onAct: (action: Action) => void;
}

/** Actions as words in a row's own line. */
export function Links<Action extends string>(props: LinksProps<Action>): JSX.Element {
  return (
    <div className="jns-Links">
      {props.actions.map(action => (
        <button
          key={action}
          type="button"
          className={action === 'delete' ? 'jns-Link jns-mod-icon' : 'jns-Link'}
          title={action === 'delete' ? props.word(action) : undefined}
          data-jns={action}
          aria-label={`${props.word(action)}: ${props.about}`}
          onClick={() => props.onAct(action)}
        >
          {action === 'delete' ? (
            <deleteIcon.react tag="span" width="14px" height="14px" />
          ) : (
            props.word(action)
          )}
        </button>
      ))}
    </div>
  );
}
