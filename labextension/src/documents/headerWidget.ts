import { createElement } from 'react';
import { TickingWidget } from '../parts/ticking';

/** Stands above a document, as high as what it shows: the layout there takes only heights that are given beforehand. */
export abstract class HeaderWidget extends TickingWidget {
  protected abstract content(): JSX.Element | null;

  protected render(): JSX.Element {
    return createElement('div', { ref: this.measured }, this.content());
  }

  override dispose(): void {
    this.observer.disconnect();
    super.dispose();
  }

  private readonly measured = (element: HTMLElement | null): void => {
    this.observer.disconnect();
    if (element) {
      this.observer.observe(element);
    }
  };

  private readonly observer = new ResizeObserver(([{ target }]) => {
    this.node.style.minHeight = `${(target as HTMLElement).offsetHeight}px`;
    this.parent?.fit();
  });
}
