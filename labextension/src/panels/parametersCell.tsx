import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Arrangement, Candidate } from '../tokens/wire';

export interface ParametersCellProps {
  /** The position of the active cell, whose variables are chosen to begin with. */
  activeCell: number;
  /** The assignments that could become parameters. */
  onLook: () => Promise<Candidate[] | null>;
  onArrange: (arrangement: Arrangement) => Promise<unknown>;
  onEmpty: () => void;
  trans: TranslationBundle;
}

/** What a notebook without a parameters cell is offered: one made of its own variables, or an empty one. */
export function ParametersCell(props: ParametersCellProps): JSX.Element {
  const { trans } = props;
  const [found, setFound] = React.useState<Candidate[] | null>(null);
  const [busy, setBusy] = React.useState(false);
  const during = async (act: () => Promise<unknown>) => {
    setBusy(true);
    await act().finally(() => setBusy(false));
  };
  return (
    <div className="jns-NoCell" data-jns="no-parameters-cell">
      <p>
        {found?.length === 0
          ? trans.__('No variable here can become a parameter.')
          : trans.__('No parameters cell yet. What such a cell assigns can be set here and for each run.')}
      </p>
      {found?.length ? (
        <Candidates {...props} found={found} busy={busy} during={during} />
      ) : (
        <div className="jns-Buttons">
          {!found && (
            <button
              type="button"
              className="jp-mod-styled jns-Secondary"
              data-jns="find-variables"
              disabled={busy}
              onClick={() => void during(async () => setFound(await props.onLook()))}
            >
              {trans.__('Make one from variables…')}
            </button>
          )}
          <button type="button" className="jns-Link" data-jns="make-parameters-cell" onClick={props.onEmpty}>
            {trans.__('Insert an empty one')}
          </button>
        </div>
      )}
    </div>
  );
}

interface CandidatesProps extends ParametersCellProps {
  found: readonly Candidate[];
  busy: boolean;
  during: (act: () => Promise<unknown>) => Promise<void>;
}

function Candidates({ found, busy, during, activeCell, onArrange, trans }: CandidatesProps): JSX.Element {
  const [chosen, choose] = React.useState(() => new Set(found.filter(({ cell }) => cell === activeCell)));
  const cells = [...new Set(found.map(({ cell }) => cell))];
  const toggle = (one: Candidate) => {
    const next = new Set(chosen);
    if (!next.delete(one)) {
      next.add(one);
    }
    choose(next);
  };
  const take = [...chosen].map(({ cell, name }) => ({ cell, name }));
  return (
    <>
      {cells.map(cell => (
        <fieldset key={cell} className="jns-Candidates">
          <legend>{trans.__('Cell %1', cell + 1)}</legend>
          {found
            .filter(one => one.cell === cell)
            .map(one => (
              <label key={one.name} className="jns-Choice" title={one.source}>
                <input type="checkbox" checked={chosen.has(one)} onChange={() => toggle(one)} />
                <code>{one.source}</code>
              </label>
            ))}
        </fieldset>
      ))}
      <div className="jns-Buttons">
        <button
          type="button"
          className="jp-mod-styled jns-Secondary"
          data-jns="take-variables"
          disabled={busy || !take.length}
          onClick={() => void during(() => onArrange({ take }))}
        >
          {trans.__('Make parameters cell')}
        </button>
      </div>
    </>
  );
}
