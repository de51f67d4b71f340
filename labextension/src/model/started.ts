const KEY = 'jupyter-notebook-sched:started';
const KEPT = 200;

/** The runs that this browser tab started by hand, remembered across a reload, so that it can tell when they end. */
export class Started {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'> = window.sessionStorage) {}

  add(id: string): void {
    this.write([...this.ids(), id].slice(-KEPT));
  }

  has(id: string): boolean {
    return this.ids().includes(id);
  }

  /** Whether the run was one of ours; true once only. */
  take(id: string): boolean {
    const ids = this.ids();
    if (!ids.includes(id)) {
      return false;
    }
    this.write(ids.filter(other => other !== id));
    return true;
  }

  private ids(): string[] {
    return JSON.parse(this.storage.getItem(KEY) ?? '[]');
  }

  private write(ids: string[]): void {
    this.storage.setItem(KEY, JSON.stringify(ids));
  }
}
