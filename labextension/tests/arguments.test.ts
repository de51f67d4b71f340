import { readFileSync } from 'node:fs';
import { CommandIDs } from '../src/tokens/names';

describe('arguments.json', () => {
  it('describes the arguments of every command, and of no other', () => {
    const described = JSON.parse(readFileSync('labextension/arguments.json', 'utf8'));
    const commands = Object.values(CommandIDs).map(id => id.split(':')[1]);
    expect(Object.keys(described).sort()).toEqual(commands.sort());
    for (const properties of Object.values<Record<string, { type: string }>>(described)) {
      expect(Object.values(properties).every(({ type }) => type)).toBe(true);
    }
  });
});
