/** Collects ids for a moment and hands them over together, so that a burst of events costs one request. */
export class Gather {
  constructor(
    private readonly _milliseconds: number,
    private readonly _deliver: (ids: string[]) => void
  ) {}

  add(id: string): void {
    this._ids.add(id);
    this._timer ??= setTimeout(() => this._flush(), this._milliseconds);
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._ids.clear();
  }

  private _flush(): void {
    const ids = [...this._ids];
    this._ids.clear();
    this._timer = undefined;
    this._deliver(ids);
  }

  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _ids = new Set<string>();
}
