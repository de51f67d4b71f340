import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isWrong, Range } from '../model/ranges';
import { plain } from '../model/comparison';
import { Axis as AxisDraft, bysOf, ticksOf, valuesOf, waysOf } from '../model/sweep';
import type { Sweeping } from '../model/sweeping';
import { LabelledInput } from '../parts/labelledInput';
import { ParameterForm } from '../parts/parameterForm';
import { Select } from '../parts/select';
import type { Inspection, Parameter } from '../tokens/wire';
import { byWord, listWords, wayWord, wrongWords } from './sweepWords';

export interface AxisProps {
  id: string;
  sweeping: Sweeping;
  inspection: Inspection;
  parameter: Parameter;
  trans: TranslationBundle;
}

/** One parameter of a sweep: one value as in the form, a list, or a range. */
export function Axis(props: AxisProps): JSX.Element {
  const { id, sweeping, inspection, parameter, trans } = props;
  const { name } = parameter;
  const axis = sweeping.axes.get(name);
  const way = axis?.way ?? 'one';
  return (
    <div className="jns-Axis" data-jns={`axis-${name}`}>
      <div className="jns-Field jns-Axis-way">
        <Select
          hook={`way-${name}`}
          aria-label={trans.__('Values of %1', name)}
          value={way}
          options={waysOf(parameter).map(each => [each, wayWord(each, trans)])}
          onValue={chosen => sweeping.setAxis(parameter, { way: chosen })}
        />
      </div>
      {!axis || way === 'one' ? (
        <ParameterForm
          id={`${id}-${name}`}
          parameters={[parameter]}
          schema={inspection.schema}
          values={sweeping.values}
          errors={sweeping.errors}
          onEdit={(edited, value) => sweeping.setValue(edited, value)}
          trans={trans}
        />
      ) : (
        <Values {...props} axis={axis} />
      )}
    </div>
  );
}

type VariedProps = AxisProps & { axis: AxisDraft };

function Values(props: VariedProps): JSX.Element {
  const { id, sweeping, parameter, axis, trans } = props;
  const { name } = parameter;
  const values = valuesOf(parameter, axis);
  const ticks = ticksOf(parameter);
  const found = isWrong(values) || ticks ? '' : listWords(values, axis.way === 'range', trans);
  const help = [found, parameter.help].filter(Boolean).join(' · ');
  return (
    <LabelledInput
      id={`${id}-${name}-values`}
      label={name}
      help={help}
      error={sweeping.errors[name] || wrongWords(values, trans)}
    >
      {axis.way === 'range' ? (
        <RangeInputs of={props} />
      ) : ticks ? (
        <div role="group" aria-label={name} className="jns-Weekdays">
          {ticks.map(tick => (
            <label key={plain(tick)} className="jns-Choice">
              <input
                type="checkbox"
                checked={axis.ticked.includes(tick)}
                onChange={({ target }) => {
                  const others = axis.ticked.filter(other => other !== tick);
                  sweeping.setAxis(parameter, { ticked: target.checked ? [...others, tick] : others });
                }}
              />
              {plain(tick)}
            </label>
          ))}
        </div>
      ) : (
        <input
          type="text"
          className="jp-mod-styled"
          data-jns={`list-${name}`}
          spellCheck={false}
          value={axis.text}
          onChange={event => sweeping.setAxis(parameter, { text: event.target.value })}
        />
      )}
    </LabelledInput>
  );
}

const ENDS = { date: 'date', datetime: 'datetime-local' } as Record<string, string>;

/** The id and what is said about it go to the first input, which the label names. */
function RangeInputs({ of, ...about }: { of: VariedProps }): JSX.Element {
  const { sweeping, parameter, axis, trans } = of;
  const { name, type } = parameter;
  const { range } = axis;
  const change = (part: Partial<Range>) => sweeping.setAxis(parameter, { range: { ...range, ...part } });
  const input = (part: 'from' | 'to' | 'amount', kind: string, word: string) => (
    <input
      {...(part === 'from' && about)}
      type={kind}
      className={`jp-mod-styled ${part === 'amount' ? 'jns-Input-short' : ''}`}
      inputMode={kind === 'text' ? 'decimal' : undefined}
      data-jns={`${part}-${name}`}
      aria-label={`${name}: ${word}`}
      value={range[part]}
      onChange={event => change({ [part]: event.target.value })}
    />
  );
  return (
    <div className="jns-Range">
      {input('from', ENDS[type] ?? 'text', trans.__('from'))}
      {trans.__('to')}
      {input('to', ENDS[type] ?? 'text', trans.__('to'))}
      <Select
        hook={`by-${name}`}
        aria-label={trans.__('What lies between the values of %1', name)}
        value={range.by}
        options={bysOf(parameter).map(by => [by, byWord(by, trans)])}
        onValue={by => change({ by })}
      />
      {input('amount', 'text', byWord(range.by, trans))}
    </div>
  );
}
