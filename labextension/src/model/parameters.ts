import { JSONExt, JSONObject, JSONValue } from '@lumino/coreutils';
import { Problem } from '../api/problem';
import type { Server } from '../api/server';
import type { Arrangement, Candidate, Edit, Inspection, Parameter, Preset, Presets } from '../tokens/wire';
import type { LiveCells } from './cells';
import { Model } from './model';
import { without } from './without';

/** Milliseconds without a further keystroke after which the server is asked. */
const PAUSE = 200;
/** How much longer that is where somebody types in another cell. */
const PATIENCE = 8;

interface Wish {
  value: JSONValue;
  /** The cell already says so; kept until an inspection confirms it. */
  written: boolean;
}

/**
 * The parameters cell of an open notebook as a form, in both directions. What is typed in the form is shown at
 * once, written into the cell when the server has turned it into edits, and kept beside its error where it refuses.
 */
export class ParametersSession extends Model {
  constructor(
    private readonly _server: Pick<Server, 'inspect' | 'candidates' | 'arrange'>,
    readonly cells: LiveCells,
    readonly readOnly: () => boolean,
    private readonly _pause = PAUSE
  ) {
    super();
    cells.changed.connect(this._onCells, this);
    void this._ask();
  }

  inspection: Inspection | null = null;
  errors: Record<string, string> = {};
  problem: unknown = null;

  override dispose(): void {
    clearTimeout(this._timer);
    clearTimeout(this._rest);
    this.cells.dispose();
    super.dispose();
  }

  /** What the form shows: the person's own values where the cell does not say so yet, else the cell's. */
  get values(): JSONObject {
    return shownValues(
      this.inspection?.parameters ?? [],
      this._wished(() => true)
    );
  }

  edit(name: string, value: JSONValue): void {
    this._wishes.set(name, { value, written: false });
    this.errors = without(this.errors, [name]);
    this._announce();
    this._later();
  }

  /** Fills values in, all in one step to undo. */
  fill(values: JSONObject): void {
    Object.entries(values).forEach(([name, value]) => this.edit(name, value));
  }

  get presets(): readonly Preset[] {
    return this.inspection?.presets ?? [];
  }

  /** Keeps the values of the form under a name, in the notebook. */
  keep(preset: string): void {
    this._keep({ ...this.cells.presets, [preset]: this.values });
  }

  /** Gives a preset another name, in its place; without one it goes. */
  rename(preset: string, to: string | null): void {
    const kept = Object.entries(this.cells.presets).filter(([name]) => name !== to);
    const named = kept.map(([name, values]) => [name === preset ? to : name, values]);
    this._keep(Object.fromEntries(named.filter(([name]) => name !== null)));
  }

  /** What could become a parameter. */
  candidates(): Promise<Candidate[]> {
    return this._server.candidates(this.cells.texts(), this.cells.kernel());
  }

  /** Changes which parameters there are; where somebody types meanwhile it is asked anew. */
  async arrange(arrangement: Arrangement): Promise<void> {
    const { edition } = this.cells;
    const answer = await this._server.arrange(this.cells.texts(), this.cells.kernel(), arrangement);
    if (this.cells.edition === edition) {
      this.cells.rearrange(answer);
    } else if (!this.isDisposed) {
      await this.arrange(arrangement);
    }
  }

  /** Settles everything typed so far, in the form and in the cell; false where the server refused a value. */
  async settle(): Promise<boolean> {
    clearTimeout(this._timer);
    clearTimeout(this._rest);
    await this._ask();
    while ((this._again || this._asking) && !this.isDisposed) {
      await (this._asking ?? this._ask()); // what somebody else has begun to ask is only waited for
    }
    return Object.keys(this.errors).length === 0 && this.problem === null;
  }

  private _keep(presets: Presets): void {
    this.cells.presets = presets;
    void this.settle();
  }

  /** Somebody typed in the cell: that counts more than what the form could not write there. */
  private _onCells(_: LiveCells, near: boolean): void {
    if (this._writing) {
      return;
    }
    if (near) {
      Object.keys(this.errors).forEach(name => this._wishes.delete(name));
      this.errors = {};
      this._later();
    } else {
      clearTimeout(this._rest);
      this._rest = setTimeout(() => void this.settle(), PATIENCE * this._pause);
    }
  }

  private _later(): void {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this.settle(), this._pause);
  }

  /** One question at a time; whatever comes up meanwhile is asked next. */
  private async _ask(): Promise<void> {
    if (this._asking) {
      this._again = true;
      await this._asking;
      return;
    }
    this._again = false;
    this._asking = this._inspect();
    try {
      await this._asking;
    } finally {
      this._asking = null;
      if (!this.isDisposed) {
        this._announce();
      }
    }
  }

  private async _inspect(): Promise<void> {
    const { version } = this.cells;
    const asked = this._wished((wish, name) => !wish.written && !Object.hasOwn(this.errors, name));
    const wanted = Object.keys(asked).length > 0;
    try {
      const answer = await this._server.inspect(
        this.cells.texts(),
        this.cells.kernel(),
        wanted ? asked : null,
        this.cells.presets
      );
      if (this.isDisposed) {
        return;
      }
      if (this.cells.version !== version) {
        this._again = true;
        return;
      }
      this._accept(answer, asked);
    } catch (error) {
      this._refused(error, asked);
    }
  }

  private _accept(answer: Inspection, asked: JSONObject): void {
    this.problem = null;
    const edits = answer.edits ?? [];
    if (edits.length && !this.readOnly()) {
      this._markWritten(asked);
      this._write(edits);
      return;
    }
    this.inspection = answer;
    if (!this.readOnly()) {
      this._markWritten(asked);
      this._forgetWritten();
    }
    this._forgetUnknown(answer.parameters);
  }

  private _write(edits: Edit[]): void {
    this._writing = true;
    this.cells.apply(edits);
    this._writing = false;
    this._again = true;
  }

  private _refused(error: unknown, asked: JSONObject): void {
    const named = error instanceof Problem ? { ...error.under('values'), ...error.under('parameters') } : {};
    const refused = Object.entries(named).filter(([name]) => Object.hasOwn(asked, name));
    if (refused.length) {
      Object.assign(this.errors, Object.fromEntries(refused));
      this._again = true;
    } else {
      this.problem = error;
      if (!(error instanceof Problem) || error.status < 400 || error.status >= 500) {
        clearTimeout(this._rest);
        this._rest = setTimeout(() => void this.settle(), 3 * PATIENCE * this._pause); // what was typed still waits
      }
    }
  }

  private _markWritten(asked: JSONObject): void {
    for (const [name, value] of Object.entries(asked)) {
      const wish = this._wishes.get(name);
      if (wish && JSONExt.deepEqual(wish.value, value)) {
        wish.written = true;
      }
    }
  }

  private _forgetWritten(): void {
    this._wishes.forEach((wish, name) => wish.written && this._wishes.delete(name));
  }

  private _forgetUnknown(parameters: readonly Parameter[]): void {
    const known = new Set(parameters.map(parameter => parameter.name));
    const gone = [...this._wishes.keys()].filter(name => !known.has(name));
    gone.forEach(name => this._wishes.delete(name));
    this.errors = without(this.errors, gone);
  }

  private _wished(which: (wish: Wish, name: string) => boolean): JSONObject {
    const chosen = [...this._wishes].filter(([name, wish]) => which(wish, name));
    return Object.fromEntries(chosen.map(([name, wish]) => [name, wish.value]));
  }

  private _again = false;
  private _asking: Promise<void> | null = null;
  private _writing = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _rest: ReturnType<typeof setTimeout> | undefined;
  private readonly _wishes = new Map<string, Wish>();
}

/** The values that are known before a run: own ones first, then the cell's literals. Expressions are left to the run. */
export function shownValues(parameters: readonly Parameter[], own: JSONObject): JSONObject {
  const values: JSONObject = {};
  for (const { name, default: value, required, expression } of parameters) {
    if (Object.hasOwn(own, name)) {
      values[name] = own[name];
    } else if (!required && !expression) {
      values[name] = value;
    }
  }
  return values;
}

/** What a run gets, but for what the cell says more exactly than JavaScript can. */
export function runValues(parameters: readonly Parameter[], values: JSONObject): JSONObject {
  const rounded = parameters.filter(
    ({ name, default: own }) =>
      /\d{16}|e\+/.test(JSON.stringify(own)) && JSONExt.deepEqual(own, values[name] ?? null)
  );
  return without(
    shownValues(parameters, values),
    rounded.map(({ name }) => name)
  );
}

/** Only what differs from the cell's own values. */
export function changedValues(parameters: readonly Parameter[], values: JSONObject): JSONObject {
  const literals = shownValues(parameters, {});
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => !Object.hasOwn(literals, name) || !JSONExt.deepEqual(literals[name], value)
    )
  );
}
