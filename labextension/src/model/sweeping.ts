import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { messageOf } from '../api/problem';
import type { Server } from '../api/server';
import { stem } from '../tokens/paths';
import type { Inspection, Parameter, Sweep } from '../tokens/wire';
import { fieldErrors } from './fieldErrors';
import { Model } from './model';
import { shownValues } from './parameters';
import { isWrong, Wrong } from './ranges';
import { Axis, axisErrors, axisFrom, Size, sizeOf, valuesOf } from './sweep';
import { without } from './without';

/** Filling in the *Sweep* form: one value, a list or a range for each parameter, and how they combine. */
export class Sweeping extends Model {
  constructor(
    private readonly _server: Pick<Server, 'parameters' | 'runs'>,
    readonly notebook: string,
    /** Values that stand in the Parameters panel and not yet in the cell. */
    private _own: JSONObject = {}
  ) {
    super();
    this.name = stem(notebook);
    void this.readNotebook();
  }

  name: string;
  mode: Sweep['mode'] = 'grid';
  readonly axes = new Map<string, Axis>();
  inspection: Inspection | null = null;
  /** Messages by parameter. */
  errors: Record<string, string> = {};
  problem: string | null = null;
  busy = false;

  get parameters(): readonly Parameter[] {
    return this.inspection?.parameters ?? [];
  }

  get values(): JSONObject {
    return shownValues(this.parameters, this._own);
  }

  /** Those that differ between the runs, with their values or why there are none. */
  get varied(): [name: string, values: JSONValue[] | Wrong][] {
    return this.parameters.flatMap(parameter => {
      const axis = this.axes.get(parameter.name);
      return !axis || axis.way === 'one' ? [] : [[parameter.name, valuesOf(parameter, axis)]];
    });
  }

  get size(): Size {
    return sizeOf(
      this.mode,
      this.varied.map(([, values]) => values)
    );
  }

  change(part: { name?: string; mode?: Sweep['mode'] }): void {
    Object.assign(this, part);
    this.problem = null;
    this._announce();
  }

  /** `undefined`: what the cell says. */
  setValue(name: string, value: JSONValue | undefined): void {
    this._own = value === undefined ? without(this._own, [name]) : { ...this._own, [name]: value };
    this._forget(name);
  }

  /** A way that is chosen for the first time starts at the value in the form. */
  setAxis(parameter: Parameter, part: Partial<Axis>): void {
    const { name } = parameter;
    const known = this.axes.get(name) ?? axisFrom(parameter, 'one', this.values[name]);
    this.axes.set(name, { ...known, ...part });
    this._forget(name);
  }

  /** The id of the new batch; null where the server refused, which is then told beside the fields. */
  async start(): Promise<string | null> {
    this.busy = true;
    this.errors = {};
    this.change({});
    try {
      return await this._server.runs.sweep(this._request());
    } catch (error) {
      this._tell(error);
      return null;
    } finally {
      this.busy = false;
      this._announce();
    }
  }

  async readNotebook(): Promise<void> {
    try {
      this.inspection = await this._server.parameters(this.notebook);
      this.problem = null;
    } catch (error) {
      this.problem = messageOf(error);
    }
    this._announce();
  }

  private _request() {
    const { notebook, varied, mode } = this;
    const lists = varied.map(([name, values]) => [name, isWrong(values) ? [] : values] as const);
    const parameters = without(
      this.values,
      lists.map(([name]) => name)
    );
    const sweep = { mode, values: Object.fromEntries(lists) };
    return { notebook, parameters, cause: 'manual' as const, name: this.name.trim() || null, sweep };
  }

  private _tell(error: unknown): void {
    const names = this.parameters.map(({ name }) => name);
    const told = axisErrors(fieldErrors(error), names);
    this.errors = without(told, ['']);
    this.problem = told[''] ?? (Object.keys(told).length ? null : messageOf(error));
  }

  private _forget(name: string): void {
    this.errors = without(this.errors, [name]);
    this.change({});
  }
}
