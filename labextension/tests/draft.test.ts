import { draftOf, jobRequest, newDraft, testRun } from '../src/model/draft';
import { chooseOverlap } from '../src/model/policies';
import type { Job, Parameter } from '../src/tokens/wire';
import { aJob } from './samples';

const region: Parameter = { name: 'region', type: 'string', nullable: false, default: 'us', required: false };

const NOW = Date.parse('2026-11-20T07:01:00Z');

describe('a draft of a schedule', () => {
  it('starts with the name of the notebook, a time in the morning and a fixed version', () => {
    const request = jobRequest(newDraft('reports/daily_plays.ipynb', 'Europe/Berlin', NOW), [region]);
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
    const request = jobRequest(draftOf(job, 'UTC', NOW), [region]);
    expect(job).toMatchObject(request);
  });

  it('sends the defaults that API.md names', () => {
    expect(jobRequest(newDraft('a.ipynb', 'UTC', NOW), [])).toMatchObject({
      starts_at: null,
      ends_at: null,
      max_runs: null,
      on_missed: 'run_latest',
      late_limit_seconds: 86_400,
      max_catch_up: 10,
      on_overlap: 'queue_one',
      max_parallel: 1,
      retry: { max_attempts: 1, delay_seconds: 30 },
      resources: { memory_mb: null, cpu_seconds: null },
      keep_runs: null,
      keep_days: null
    });
  });

  it.each<[string, Partial<Job>]>([
    ['runs every missed time', { on_missed: 'run_all', max_catch_up: 3, late_limit_seconds: 5400 }],
    ['skips missed times', { on_missed: 'skip' }],
    ['runs side by side', { on_overlap: 'parallel', max_parallel: 4 }],
    ['replaces the running one', { on_overlap: 'replace' }],
    ['skips while one is running', { on_overlap: 'skip' }],
    ['is limited', { resources: { memory_mb: 2048, cpu_seconds: 600 } }],
    ['keeps some runs for some days', { keep_runs: 20, keep_days: 30 }],
    ['is never too late', { late_limit_seconds: 0 }],
    ['has odd lengths', { late_limit_seconds: 86_401, retry: { max_attempts: 5, delay_seconds: 0.5 } }]
  ])('gives back a job that %s', (_, policies) => {
    const job = aJob(policies);
    expect(job).toMatchObject(jobRequest(draftOf(job, 'UTC', NOW), []));
  });

  it('takes an emptied number for the default, an emptied limit for none', () => {
    const draft = { ...newDraft('a.ipynb', 'UTC', NOW), maxCatchUp: '', timeout: ' ', keepRuns: '' };
    const lateLimit = { count: '', unit: 'hours' as const };
    expect(jobRequest({ ...draft, lateLimit }, [])).toMatchObject({
      max_catch_up: 10,
      late_limit_seconds: 86_400,
      timeout_seconds: null,
      keep_runs: null
    });
  });

  it('makes side by side mean two at least, and keeps what was chosen', () => {
    const draft = newDraft('a.ipynb', 'UTC', NOW);
    expect(chooseOverlap('parallel', draft)).toEqual({ onOverlap: 'parallel', maxParallel: '2' });
    expect(chooseOverlap('parallel', { ...draft, maxParallel: '5' })).toEqual({ onOverlap: 'parallel' });
    expect(chooseOverlap('skip', draft)).toEqual({ onOverlap: 'skip' });
  });

  it('reads tags between commas', () => {
    const draft = { ...newDraft('a.ipynb', 'UTC', NOW), tags: ' daily, ,plays ' };
    expect(jobRequest(draft, []).tags).toEqual(['daily', 'plays']);
  });

  it('tests with every value that the form shows', () => {
    expect(testRun(newDraft('a.ipynb', 'UTC', NOW), [region])).toMatchObject({
      parameters: { region: 'us' },
      cause: 'manual'
    });
  });
});
