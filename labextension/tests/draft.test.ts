import { draftOf, jobRequest, newDraft, testRun, triggerOf } from '../src/model/draft';
import type { Parameter } from '../src/tokens/wire';
import { aJob } from './samples';

const region: Parameter = { name: 'region', type: 'string', nullable: false, default: 'us', required: false };

describe('a draft of a schedule', () => {
  it('starts with the name of the notebook, a time in the morning and a fixed version', () => {
    const request = jobRequest(newDraft('reports/daily_plays.ipynb', 'Europe/Berlin'), [region]);
    expect(request).toMatchObject({
      name: 'daily_plays',
      source: 'pinned',
      parameters: {},
      trigger: { type: 'cron', cron: '0 7 * * 1-5', timezone: 'Europe/Berlin' },
      timeout_seconds: null
    });
  });

  it('gives a job back as it was', () => {
    const job = aJob({
      parameters: { region: 'fr' },
      retry: { max_attempts: 3, delay_seconds: 60 },
      timeout_seconds: 600,
      tags: ['daily', 'plays'],
      description: 'For the morning'
    });
    const request = jobRequest(draftOf(job, 'UTC'), [region]);
    expect(job).toMatchObject(request);
  });

  it('leaves a trigger alone that this form cannot make', () => {
    const trigger = { type: 'interval' as const, every_seconds: 900, start_at: null };
    expect(triggerOf(draftOf(aJob({ trigger }), 'UTC'))).toEqual(trigger);
  });

  it('has no trigger when it is only started by hand', () => {
    expect(triggerOf(draftOf(aJob({ trigger: null }), 'UTC'))).toBeNull();
  });

  it('reads tags between commas', () => {
    const draft = { ...newDraft('a.ipynb', 'UTC'), tags: ' daily, ,plays ' };
    expect(jobRequest(draft, []).tags).toEqual(['daily', 'plays']);
  });

  it('tests with every value that the form shows', () => {
    expect(testRun(newDraft('a.ipynb', 'UTC'), [region])).toMatchObject({
      parameters: { region: 'us' },
      cause: 'manual'
    });
  });
});
