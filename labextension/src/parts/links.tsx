import * as React from 'react';

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
          className="jns-Link"
          data-jns={action}
          aria-label={`${props.word(action)}: ${props.about}`}
          onClick={() => props.onAct(action)}
        >
          {props.word(action)}
        </button>
      ))}
    </div>
  );
}
