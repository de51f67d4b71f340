import * as React from 'react';
import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { chartOf, Chosen, drawn, Look, Offers, offersOf, VEGA_LITE } from '../model/chart';
import type { Column } from '../model/comparison';
import { Select } from '../parts/select';
import type { Batch } from '../tokens/wire';

export interface ChartProps {
  batch: Batch;
  columns: readonly Column[];
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** One column against another, drawn by JupyterLab's own renderer; the table beside it says the same in text. */
export function Chart({ batch, columns, rendermime, trans }: ChartProps): JSX.Element {
  const [chosen, choose] = React.useState<Chosen>({});
  const offers = offersOf(batch, columns, trans);
  const parts = drawn(offers, chosen, batch.runs);
  const tableHasIt = trans.__('JupyterLab cannot draw this here; the table has all of it.');
  if (!rendermime.mimeTypes.includes(VEGA_LITE)) {
    return <p className="jns-Hint">{tableHasIt}</p>;
  }
  const words = { y: trans.__('Show'), x: trans.__('along'), colour: trans.__('coloured by') };
  return (
    <section aria-label={trans.__('Chart')} data-jns="chart">
      <div className="jns-Line">
        {(Object.keys(words) as (keyof Offers)[]).map(axis => (
          <label key={axis} className="jns-Field jns-mod-beside">
            {words[axis]}
            <Select
              hook={`chart-${axis}`}
              value={parts[axis]?.key ?? ''}
              options={[
                ...(axis === 'colour' ? [['', trans.__('nothing')] as const] : []),
                ...offers[axis].map(({ key, title }) => [key, title] as const)
              ]}
              onValue={key => choose({ ...chosen, [axis]: key })}
            />
          </label>
        ))}
      </div>
      <Drawing
        chart={look => chartOf(parts, batch.runs, look)}
        label={trans.__('%1 along %2; the table has the values', parts.y.title, parts.x.title)}
        failed={tableHasIt}
        rendermime={rendermime}
      />
    </section>
  );
}

/** Pixels that the renderer keeps free for its menu. */
const MENU = 40;

/** Follows the width of its place, as long as that is seen, and the theme. */
function Drawing(props: {
  chart: (look: Look) => JSONObject;
  label: string;
  /** What is said where the renderer gives up. */
  failed: string;
  rendermime: IRenderMimeRegistry;
}): JSX.Element {
  const place = React.useRef<HTMLDivElement>(null);
  const renderer = React.useRef<IRenderMime.IRenderer | null>(null);
  const [look, setLook] = React.useState<string | null>(null);
  React.useEffect(() => {
    const node = place.current as HTMLDivElement;
    const measure = () => node.clientWidth && setLook(JSON.stringify(lookOf(node)));
    const [size, theme] = [new ResizeObserver(measure), new MutationObserver(measure)];
    size.observe(node);
    theme.observe(document.body, { attributes: true });
    const drawing = (renderer.current = props.rendermime.createRenderer(VEGA_LITE));
    Widget.attach(drawing, node);
    return () => {
      size.disconnect();
      theme.disconnect();
      drawing.dispose();
    };
  }, []);
  const chart = look && JSON.stringify(props.chart(JSON.parse(look)));
  React.useEffect(() => {
    if (chart) {
      const data = { [VEGA_LITE]: JSON.parse(chart) };
      const drawing = renderer.current as IRenderMime.IRenderer;
      drawing.renderModel(props.rendermime.createModel({ data })).catch(() => {
        drawing.node.textContent = props.failed;
      });
    }
  }, [chart]);
  return <div ref={place} className="jns-Chart" role="img" aria-label={props.label} />;
}

function lookOf(node: HTMLElement): Look {
  const style = getComputedStyle(node);
  const [line, text] = ['--jp-border-color2', '--jp-ui-font-color1'].map(name =>
    style.getPropertyValue(name)
  );
  return { text, line, font: style.fontFamily, width: node.clientWidth - MENU };
}
