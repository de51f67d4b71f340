import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isZone } from '../model/instants';
import { everyWords, secondsOf } from '../model/lengths';
import { browserZone, dateAndTime, dateOf, timeOfDay } from '../model/times';
import { needsZone, When } from '../model/when';
import type { Fire, TriggerPreview } from '../tokens/wire';

export interface FiresProps {
  when: When;
  preview: TriggerPreview | null;
  trans: TranslationBundle;
}

/** The schedule in words and its next dates, in its own zone and in the viewer's. */
export function Fires({ when, preview, trans }: FiresProps): JSX.Element | null {
  if (!preview) {
    return null;
  }
  const zone = needsZone(when) ? when.timezone : browserZone();
  const elsewhere = zone !== browserZone();
  return (
    <div className="jns-Fires" data-jns="preview" aria-live="polite">
      <p>{words(when, preview, trans)}</p>
      {!preview.fires.length && <span>{trans.__('No due time lies within these limits.')}</span>}
      <ol>
        {preview.fires.map(fire => (
          <li key={fire.at}>
            {wallTime(fire, when, zone)}
            {elsewhere && (
              <span className="jns-Fires-here">{trans.__('%1 here', hereTime(fire, when, zone))}</span>
            )}
            {fire.note && <span className="jns-Fires-note">{fire.note}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The server tells moments in UTC; here the dates below say when. */
function words(when: When, { description }: TriggerPreview, trans: TranslationBundle): string {
  switch (when.kind) {
    case 'interval':
      return everyWords(secondsOf(when.interval), trans);
    case 'once':
      return trans.__('Once');
    default:
      return description;
  }
}

/** What walls show in the zone: of a cron trigger as the server says, whose time-zone data counts. */
function local(fire: Fire, { kind }: When, zone: string): [at: string, zone: string] {
  return kind === 'cron' || !isZone(zone) ? [`${fire.local.slice(0, 19)}Z`, 'UTC'] : [fire.at, zone];
}

function wallTime(fire: Fire, when: When, zone: string): string {
  return dateAndTime(...local(fire, when, zone));
}

function hereTime(fire: Fire, when: When, zone: string): string {
  const sameDay = dateOf(fire.at) === dateOf(...local(fire, when, zone));
  return sameDay ? timeOfDay(fire.at) : dateAndTime(fire.at);
}
