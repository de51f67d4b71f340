import { createElement } from 'react';
import { TickingWidget } from '../parts/ticking';

/** Stands above a document, as high as what it shows: the layout there takes only heights that are given beforehand. */
export abstract class HeaderWidget extends TickingWidget {
  constructor() {
    super();
    this.addClass('jns-Widget');
    this.addClass('jns-HeaderBar');
  }

  protected abstract content(): JSX.Element | false | null;

  protected render(): JSX.Element {
    return createElement('div', { ref: this._measured }, this.content());
  }

  override dispose(): void {
    this._observer.disconnect();
    super.dispose();
  }

  private readonly _measured = (element: HTMLElement | null): void => {
    this._observer.disconnect();
    if (element) {
      this._observer.observe(element);
    }
  };

  private readonly _observer = new ResizeObserver(([{ target }]) => {
    this.node.style.minHeight = `${(target as HTMLElement).offsetHeight}px`;
    this.parent?.fit();
  });
}
