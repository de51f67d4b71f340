import { runOfOutput, stem, workspacePath } from '../src/tokens/paths';

const contents = {
  driveName: (path: string) => /^(RTC|archive):/.exec(path)?.[1] ?? '',
  localPath: (path: string) => path.replace(/^(RTC|archive):/, '')
};

describe('paths', () => {
  it('takes the drive of collaboration off, and refuses other drives', () => {
    expect(workspacePath(contents, 'RTC:reports/a.ipynb')).toBe('reports/a.ipynb');
    expect(workspacePath(contents, 'odd:name.ipynb')).toBe('odd:name.ipynb');
    expect(workspacePath(contents, 'archive:runs/a.ipynb')).toBeNull();
  });

  it('reads the run from the place of its output notebook', () => {
    expect(runOfOutput('archive:runs/2026/11/21/01ab/2/a.ipynb')).toBe('01ab');
    expect(runOfOutput('archive:sources/ab.ipynb')).toBeNull();
    expect(runOfOutput('runs/2026/11/21/01ab/2/a.ipynb')).toBeNull();
  });

  it('names a notebook without folder and extension', () => {
    expect(stem('reports/daily.plays.ipynb')).toBe('daily.plays');
  });
});
