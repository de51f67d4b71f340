import { CommandRegistry } from '@lumino/commands';
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

export type Choices = [label: string, act: () => void][];

/** The same for what only this place offers. */
export function openChoices(choices: Choices, anchor: HTMLElement): void {
  const commands = new CommandRegistry();
  choices.forEach(([label, execute], index) => commands.addCommand(`${index}`, { label, execute }));
  openMenu(
    commands,
    choices.map((_, index) => ({ command: `${index}` })),
    anchor
  );
}
