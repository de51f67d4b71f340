import type { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

/** Opens a menu of commands below a button, which has the focus again once the menu closes. */
export function openMenu(
  commands: CommandRegistry,
  items: readonly Menu.IItemOptions[],
  anchor: HTMLElement
): void {
  const menu = new Menu({ commands });
  items.forEach(item => menu.addItem(item));
  menu.aboutToClose.connect(() => {
    anchor.setAttribute('aria-expanded', 'false');
    anchor.focus();
    setTimeout(() => menu.dispose());
  });
  const { left, bottom } = anchor.getBoundingClientRect();
  anchor.setAttribute('aria-expanded', 'true');
  menu.open(left, bottom);
}
