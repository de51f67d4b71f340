import type { JSONObject } from '@lumino/coreutils';
import { Problem } from '../src/api/problem';
import { newDraft } from '../src/model/draft';
import { render } from '../src/model/rendering';

/** Knows `{{ day }}`, refuses other templates, and wants a value for what is needed. */
class Renderer {
  asked: JSONObject[] = [];

  constructor(private readonly needed: string[] = []) {}

  async rendered(_: string, values: JSONObject): Promise<JSONObject> {
    this.asked.push(values);
    const wrong = Object.keys(values).filter(name => /\{\{ (?!day)/.test(String(values[name])));
    const fields = [...wrong, ...this.needed.filter(name => !(name in values))];
    if (fields.length) {
      const errors = fields.map(name => ({ field: `values.${name}`, message: 'No' }));
      throw new Problem(422, 'No', 'invalid_parameters', errors);
    }
    return { ...values, a: '2026-11-20' };
  }
}

function draft(parameters: JSONObject, templates = true) {
  return { ...newDraft('a.ipynb', 'UTC', 0), parameters, templates };
}

describe('templates of a draft', () => {
  it('are shown with what they become, other values are not', async () => {
    const answer = await render(new Renderer(), draft({ a: '{{ day }}', n: 3 }), '');
    expect(answer).toEqual({ values: { a: '2026-11-20' }, refused: {} });
  });

  it('are shown beside others that are refused', async () => {
    const answer = await render(new Renderer(), draft({ a: '{{ day }}', b: '{{ nope }}' }), '');
    expect(answer).toEqual({ values: { a: '2026-11-20' }, refused: { b: 'No' } });
  });

  it('wait for what else is needed, without asking on and on', async () => {
    const server = new Renderer(['n']);
    const answer = await render(server, draft({ a: '{{ day }}', b: '{{ nope }}' }), '');
    expect(answer).toEqual({ values: {}, refused: { b: 'No' } });
    expect(server.asked.length).toBe(2);
  });

  it.each([draft({ n: 3 }), draft({ a: '{{ day }}' }, false)])(
    'ask nothing where there are none',
    async without => {
      const server = new Renderer();
      expect(await render(server, without, '')).toEqual({ values: {}, refused: {} });
      expect(server.asked).toEqual([]);
    }
  );
});
