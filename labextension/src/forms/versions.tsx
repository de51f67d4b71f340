import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isBehind } from '../model/choices';
import { moment } from '../model/times';
import { Health, Notice } from '../parts/notice';
import { Page } from '../parts/page';
import { Select } from '../parts/select';
import type { Version } from '../tokens/versions';
import type { Job } from '../tokens/wire';

/** Which two are compared; `notebook` is the file as it is now. */
export interface Pair {
  left: string;
  right: string;
}

export interface VersionsProps {
  health: Health;
  job: Job | null;
  versions: readonly Version[] | null;
  pair: Pair | null;
  now: number;
  onPair: (pair: Pair) => void;
  /** Null: the notebook as it is now. */
  onUse: (version: string | null) => void;
  load: (pair: Pair, theme: string) => Promise<string>;
  trans: TranslationBundle;
}

/** What a job has run and runs now: since when, by whom and why; what differs between any two. */
export function Versions(props: VersionsProps): JSX.Element {
  const { health, job, versions, pair, trans } = props;
  return (
    <div className="jns-Pages" data-jns="versions">
      <Notice health={health} trans={trans} />
      <header className="jns-Line">
        <h2>
          {trans.__('Versions')}
          <span className="jns-Heading-of">{job?.name}</span>
        </h2>
        {job && isBehind(job) && (
          <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => props.onUse(null)}>
            {trans.__('Use the notebook as it is now…')}
          </button>
        )}
      </header>
      {versions && <List {...props} versions={versions} />}
      {versions && versions.length > 0 && <Choose {...props} versions={versions} />}
      {pair && (
        <Page
          about={`${pair.left} ${pair.right}`}
          load={theme => props.load(pair, theme)}
          label={trans.__('What differs')}
          loading={trans.__('Comparing…')}
        />
      )}
    </div>
  );
}

type Known = VersionsProps & { versions: readonly Version[] };

function List({ job, versions, now, onPair, onUse, trans }: Known): JSX.Element {
  return (
    <ol className="jns-List" reversed>
      {versions.map((version, index) => {
        const { n, source_version, created_at, by, message, runs, current } = version;
        const before = versions[index + 1]?.source_version;
        const said = [by, moment(created_at, now), trans._n('%1 run', '%1 runs', runs)]
          .filter(Boolean)
          .join(' · ');
        return (
          <li key={n} className="jns-Version" data-jns="version" aria-current={current}>
            <b>{`${n}`}</b>
            <span className="jns-Version-what">
              {message || trans.__('Version %1', source_version.slice(0, 8))}
              <span className="jns-Row-why">{said}</span>
            </span>
            {current && <span className="jns-Chip">{trans.__('in use')}</span>}
            {before !== undefined && (
              <Link
                hook="what-changed"
                word={trans.__('What changed')}
                about={n}
                act={() => onPair({ left: before, right: source_version })}
              />
            )}
            {!current && job?.source === 'pinned' && (
              <Link
                hook="use-again"
                word={trans.__('Use it again…')}
                about={n}
                act={() => onUse(source_version)}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Link({
  hook,
  word,
  about,
  act
}: {
  hook: string;
  word: string;
  about: number;
  act: () => void;
}): JSX.Element {
  return (
    <button type="button" className="jns-Link" data-jns={hook} aria-label={`${word}: ${about}`} onClick={act}>
      {word}
    </button>
  );
}

/** Any two of them, or one and the file. */
function Choose({ versions, pair, onPair, trans }: Known): JSX.Element {
  const newest = versions[0].source_version;
  const { left, right } = pair ?? { left: newest, right: 'notebook' };
  const options = versions.map(
    ({ n, source_version, message }) =>
      [source_version, [trans.__('Version %1', n), message].filter(Boolean).join(': ')] as const
  );
  options.push(['notebook', trans.__('The notebook as it is now')]);
  const words: [keyof Pair, string, string][] = [
    ['left', trans.__('From'), left],
    ['right', trans.__('to'), right]
  ];
  return (
    <div className="jns-Line">
      {words.map(([side, word, value]) => (
        <label key={side} className="jns-Field jns-mod-beside">
          {word}
          <Select
            hook={`diff-${side}`}
            value={value}
            options={options}
            onValue={chosen => onPair({ left, right, [side]: chosen })}
          />
        </label>
      ))}
    </div>
  );
}
