/** A chart of the runs of a sweep, as JupyterLab's own renderer of Vega-Lite takes it. */
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Batch, BatchRun } from '../tokens/wire';
import type { Column } from './comparison';

export const VEGA_LITE = 'application/vnd.vegalite.v5+json';
/** More different numbers than this are a scale, not names; more names stand aslant. */
const FEW = 10;

/** What can be drawn on each axis; `colour` may be nothing. */
export interface Offers {
  x: Column[];
  y: Column[];
  colour: Column[];
}

/** The keys of the columns drawn; what a person has not chosen is left out. */
export type Chosen = Partial<Record<keyof Offers, string>>;

export function offersOf(batch: Batch, columns: readonly Column[], trans: TranslationBundle): Offers {
  const parameters = columns.slice(0, batch.varied.length);
  const started: Column = { key: 'started', title: trans.__('Started'), value: run => run.started_at };
  const numbers = columns
    .slice(batch.varied.length + 2)
    .filter(({ value }) => batch.runs.some(run => isNumber(value(run))));
  return {
    x: [...parameters, started],
    y: [...numbers, columns[batch.varied.length + 1]],
    colour: parameters
  };
}

/** The columns to draw: those chosen, else a numeric parameter along, the first result up, another parameter as colour. */
export function drawn(offers: Offers, chosen: Chosen, runs: readonly BatchRun[]) {
  const pick = (axis: keyof Offers) => offers[axis].find(({ key }) => key === chosen[axis]);
  const varies = ({ value }: Column) => new Set(runs.map(run => JSON.stringify(value(run)))).size > 1;
  const scale = offers.x.find(({ value }) => runs.some(run => isNumber(value(run))));
  const x = pick('x') ?? scale ?? offers.x[0];
  const others = offers.colour.filter(column => column.key !== x.key && varies(column));
  const other = chosen.colour === undefined ? others[0] : undefined;
  return { x, y: pick('y') ?? offers.y[0], colour: pick('colour') ?? other };
}

export interface Look {
  text: string;
  line: string;
  font: string;
  width: number;
}

/** Lines or bars where each has one run at each place, else points. */
export function chartOf(
  { x, y, colour }: ReturnType<typeof drawn>,
  runs: readonly BatchRun[],
  { text, line, font, width }: Look
): JSONObject {
  const values = runs
    .filter(run => isNumber(y.value(run)) && x.value(run) !== null)
    .map(run => ({ x: shown(x.value(run)), y: y.value(run), colour: shown(colour?.value(run) ?? null) }));
  const places = values.map(value => value.x);
  const series = values.map(value => value.colour);
  const kind = kindOf(places);
  const shade = new Set(series).size > FEW ? kindOf(series) : 'nominal';
  const apart = new Set(values.map(value => JSON.stringify([value.x, value.colour]))).size === values.length;
  const bars = apart && kind === 'nominal';
  const lines = apart && shade === 'nominal' ? { type: 'line', point: true } : 'point';
  const scale = { zero: bars };
  const encoding = {
    x: { field: 'x', type: kind, title: x.title, ...(kind === 'quantitative' && { scale }) },
    y: { field: 'y', type: 'quantitative', title: y.title, scale },
    ...(colour && { color: { field: 'colour', type: shade, title: colour.title } })
  };
  return {
    width,
    height: 260,
    autosize: { type: 'fit', contains: 'padding' },
    background: 'transparent',
    data: { values },
    mark: bars ? 'bar' : lines,
    encoding: {
      ...encoding,
      ...(bars && colour && { xOffset: { field: 'colour' } }),
      tooltip: Object.values(encoding).map(({ field, type, title }) => ({ field, type, title }))
    },
    config: {
      font,
      axis: { labelColor: text, titleColor: text, gridColor: line, domainColor: line, tickColor: line },
      axisX: { labelAngle: new Set(places).size > FEW ? -45 : 0 },
      legend: { labelColor: text, titleColor: text },
      view: { stroke: null }
    }
  };
}

function kindOf(values: readonly JSONValue[]): 'quantitative' | 'temporal' | 'nominal' {
  if (values.every(isNumber)) {
    return 'quantitative';
  }
  return values.every(value => /^\d{4}-\d\d-\d\dT/.test(String(value))) ? 'temporal' : 'nominal';
}

/** A day without a time is one of the viewer's, lest it be shown as the evening before. */
function shown(value: JSONValue): JSONValue {
  const text = typeof value === 'object' ? JSON.stringify(value) : value;
  return /^\d{4}-\d\d-\d\d$/.test(String(text)) ? `${text}T00:00` : text;
}

function isNumber(value: JSONValue): boolean {
  return typeof value === 'number';
}
