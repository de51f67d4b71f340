import { Problem } from '../src/api/problem';
import { below, fieldErrors, isPlaced, withoutParts } from '../src/model/fieldErrors';

const refused = new Problem(422, 'not valid', 'invalid', [
  { field: 'trigger.every_seconds', message: 'must be a whole number' },
  { field: 'ends_at', message: 'is before starts_at' },
  { field: 'parameters.region', message: 'must be text' },
  { field: 'retry.backoff', message: 'must be a number of at least 1' }
]);

describe('what the server has against a field', () => {
  it('is told by field', () => {
    expect(fieldErrors(refused).ends_at).toBe('is before starts_at');
    expect(fieldErrors(new Error('unreachable'))).toEqual({});
  });

  it('is forgotten once that part of the form changes', () => {
    const left = withoutParts(fieldErrors(refused), ['when']);
    expect(Object.keys(left)).toEqual(['parameters.region', 'retry.backoff']);
    expect(withoutParts(left, ['name'])).toEqual(left);
  });

  it('stands beside its input, or with the buttons where it has none', () => {
    const placed = Object.keys(fieldErrors(refused)).filter(isPlaced);
    expect(placed).toEqual(['trigger.every_seconds', 'ends_at', 'parameters.region']);
    expect(['parameters', 'notebook', 'trigger.everything'].some(isPlaced)).toBe(false);
  });

  it('is given to the parameters by their names', () => {
    expect(below(fieldErrors(refused), 'parameters')).toEqual({ region: 'must be text' });
  });
});
