import * as React from 'react';
import { ellipsesIcon } from '@jupyterlab/ui-components';
import { Choices, openChoices } from './menu';

/** Opens what can be chosen here; three dots where no word is given. */
export function MenuButton(props: { label: string; word?: string; choices: Choices }): JSX.Element {
  const { label, word, choices } = props;
  return (
    <button
      type="button"
      className={word ? 'jns-Link' : 'jns-Link jns-mod-icon'}
      aria-haspopup="menu"
      aria-label={label}
      onClick={event => openChoices(choices, event.currentTarget)}
    >
      {word ?? <ellipsesIcon.react tag="span" width="14px" height="14px" />}
    </button>
  );
}
