import * as React from 'react';

export interface ButtonProps {
  word: string;
  /** What tests know it by. */
  name?: string;
  title?: string;
  current?: boolean;
  onClick: () => void;
}

/** An action as a word. */
export function Link(props: ButtonProps): JSX.Element {
  return <Button {...props} look="jns-Link" />;
}

/** An action as a button; `first`: the one to press. */
export function Push({ first, ...props }: ButtonProps & { first: boolean }): JSX.Element {
  return <Button {...props} look={`jp-mod-styled ${first ? 'jp-mod-accept' : 'jns-Secondary'}`} />;
}

function Button({ word, name, title, current, look, onClick }: ButtonProps & { look: string }): JSX.Element {
  return (
    <button
      type="button"
      className={look}
      data-jns={name}
      title={title}
      aria-current={current}
      onClick={onClick}
    >
      {word}
    </button>
  );
}
