import { jobActions, rareJobActions, runActions } from '../src/model/choices';
import { aJob, aRun } from './samples';

describe('what a row offers', () => {
  it('offers to backfill what stands for many missed times, and to run a single one again', () => {
    const covers = { count: 12, from: '2026-11-20T02:00:00Z', to: '2026-11-20T07:00:00Z' };
    const skipped = { state: 'skipped' as const, reason: 'missed', job_id: 'j1' };
    expect(runActions(aRun({ ...skipped, covers }))).toEqual(['backfill', 'delete']);
    expect(runActions(aRun(skipped))).toEqual(['retry', 'delete']);
    expect(runActions(aRun({ ...skipped, job_id: null, covers }))).toEqual(['retry', 'delete']);
  });

  it('offers to find a notebook that is gone, before anything else', () => {
    expect(jobActions(aJob({ notebook_missing: true }))[0]).toBe('find');
    expect(jobActions(aJob())).toEqual(['run', 'edit', 'pause', 'more', 'delete']);
    expect(jobActions(aJob({ paused: true }))).toContain('resume');
  });

  it('offers to update a job whose notebook is newer than the version that it runs', () => {
    expect(jobActions(aJob({ notebook_changed: true }))[0]).toBe('update');
    expect(jobActions(aJob({ notebook_changed: true, source: 'live' }))).not.toContain('update');
    expect(jobActions(aJob({ notebook_changed: true, notebook_missing: true }))).not.toContain('update');
  });

  it('offers in the menu of a job only what fits it', () => {
    expect(rareJobActions(aJob())).toEqual(['skip', 'pauseUntil', 'backfill', 'versions', 'runs']);
    expect(rareJobActions(aJob({ next_run_at: null }))).toEqual([
      'pauseUntil',
      'backfill',
      'versions',
      'runs'
    ]);
    expect(rareJobActions(aJob({ next_run_at: null, trigger: null }))).toEqual([
      'pauseUntil',
      'versions',
      'runs'
    ]);
  });
});
