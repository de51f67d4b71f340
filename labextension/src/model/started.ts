const KEY = 'jupyter-notebook-sched:started';
const KEPT = 200;

/** The runs that this browser tab started by hand, remembered across a reload, so that it can tell when they end. */
export class Started {
  constructor(private readonly _storage: Pick<Storage, 'getItem' | 'setItem'> = window.sessionStorage) {}

  add(id: string): void {
    this._write([...this._ids(), id].slice(-KEPT));
  }

  has(id: string): boolean {
    return this._ids().includes(id);
  }

  /** Whether the run was one of ours; true once only. */
  take(id: string): boolean {
    const ids = this._ids();
    if (!ids.includes(id)) {
      return false;
    }
    this._write(ids.filter(other => other !== id));
    return true;
  }

  private _ids(): string[] {
    return JSON.parse(this._storage.getItem(KEY) ?? '[]');
  }

  private _write(ids: string[]): void {
    this._storage.setItem(KEY, JSON.stringify(ids));
  }
}
