import { fitting, isShown } from '../src/model/presets';
import { isTemplate } from '../src/model/templates';
import type { Parameter } from '../src/tokens/wire';

const parameters: Parameter[] = ['region', 'n'].map(name => ({
  name,
  type: 'any',
  nullable: false,
  default: null,
  required: false
}));

describe('a preset', () => {
  const preset = {
    name: 'daily',
    values: { region: 'fr', n: 'ten', gone: 1 },
    misfits: { n: 'A whole number' }
  };

  it('fills in what fits and is still there', () => {
    expect(fitting(preset, parameters)).toEqual({ region: 'fr' });
  });

  it('is shown while the form says the same', () => {
    expect(isShown(preset, parameters, { region: 'fr', n: 3 })).toBe(true);
    expect(isShown(preset, parameters, { region: 'us', n: 3 })).toBe(false);
    expect(isShown(preset, parameters, { n: 3 })).toBe(false);
  });
});

describe('templates', () => {
  it('are told from other values', () => {
    expect(['{{ run_id }}', 'a {{ x', '{ }', '', 3, null, ['{{ a }}']].map(isTemplate)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false
    ]);
  });
});
