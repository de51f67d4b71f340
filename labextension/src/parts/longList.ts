import type * as React from 'react';

/** What can have the focus in each row. */
const ROWS = '.jns-Row-main';

/** Calls when the end of the list comes near. */
export function near(onMore: () => void): React.UIEventHandler<HTMLElement> {
  return ({ currentTarget: box }) => {
    if (box.scrollTop + box.clientHeight > box.scrollHeight - 600) {
      onMore();
    }
  };
}

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: at => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last
};

/** Arrow keys go from row to row. */
export function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step) {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(ROWS)];
    const at = rows.findIndex(row => row.parentElement?.contains(document.activeElement));
    rows[step(at, rows.length - 1)]?.focus();
    event.preventDefault();
  }
}
