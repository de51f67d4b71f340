import { Problem } from '../src/api/problem';
import type { Server } from '../src/api/server';
import { Sweeping } from '../src/model/sweeping';
import type { SweepRequest } from '../src/tokens/wire';
import { anInspection, aParameter, moments } from './samples';

const parameters = [
  aParameter({ name: 'alpha', type: 'number', default: 0.1 }),
  aParameter({ name: 'depth', type: 'integer', default: 2 }),
  aParameter({ name: 'region', choices: ['us', 'fr'], default: 'us' })
];

/** A server part in memory that takes what fits and names what does not. */
class Starts {
  asked: SweepRequest[] = [];
  refuse: Problem | null = null;
  readonly runs = {
    sweep: async (request: SweepRequest) => {
      if (this.refuse) {
        throw this.refuse;
      }
      this.asked.push(request);
      return 'b1';
    }
  };
  parameters = async () => anInspection(parameters);
}

async function opened(starts = new Starts()) {
  const sweeping = new Sweeping(starts as unknown as Server, 'models/train.ipynb', { region: 'fr' });
  await moments(0);
  return { starts, sweeping };
}

describe('Sweeping', () => {
  it('sends lists for what differs and one value for the rest', async () => {
    const { starts, sweeping } = await opened();
    sweeping.setAxis(parameters[0], { way: 'range' });
    const range = { from: '0.1', to: '0.3', amount: '0.1', by: 'step' } as const;
    expect(sweeping.axes.get('alpha')?.range).toEqual({ ...range, to: '', amount: '' });
    sweeping.setAxis(parameters[0], { range });
    sweeping.setValue('depth', 7);
    expect(sweeping.size).toEqual({ count: 3, of: [3] });
    expect(await sweeping.start()).toBe('b1');
    expect(starts.asked).toEqual([
      {
        notebook: 'models/train.ipynb',
        name: 'train',
        cause: 'manual',
        parameters: { depth: 7, region: 'fr' },
        sweep: { mode: 'grid', values: { alpha: [0.1, 0.2, 0.3] } }
      }
    ]);
  });

  it('starts a list at what has been typed, and forgets no list while it is one value again', async () => {
    const { sweeping } = await opened();
    sweeping.setValue('depth', 5);
    sweeping.setAxis(parameters[1], { way: 'list' });
    expect(sweeping.varied).toEqual([['depth', [5]]]);
    sweeping.setAxis(parameters[1], { text: '5, 6' });
    sweeping.setAxis(parameters[1], { way: 'one' });
    expect(sweeping.varied).toEqual([]);
    sweeping.setAxis(parameters[1], { way: 'list' });
    expect(sweeping.varied).toEqual([['depth', [5, 6]]]);
  });

  it('tells a refusal beside its parameters until they change', async () => {
    const { starts, sweeping } = await opened();
    starts.refuse = new Problem(422, 'Two things are wrong.', 'invalid', [
      { field: 'sweep.values.depth.1', message: 'must be a whole number' },
      { field: 'name', message: 'is too long' }
    ]);
    sweeping.setAxis(parameters[1], { way: 'list', text: '1, x' });
    expect(await sweeping.start()).toBeNull();
    expect(sweeping.errors).toEqual({ depth: 'must be a whole number' });
    expect(sweeping.problem).toBe('is too long');
    sweeping.setAxis(parameters[1], { text: '1, 2' });
    expect([sweeping.errors, sweeping.problem]).toEqual([{}, null]);
  });

  it('says what went wrong where no field is to blame', async () => {
    const { starts, sweeping } = await opened();
    starts.refuse = new Problem(503, 'The store is unavailable.', 'unavailable');
    await sweeping.start();
    expect(sweeping.problem).toBe('The store is unavailable.');
    expect(sweeping.busy).toBe(false);
  });
});
