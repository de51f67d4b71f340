import type { Event } from '@jupyterlab/services';
import { JOB_EVENTS, RUN_EVENTS } from '../tokens/names';
import type { JobEvent, RunEvent } from '../tokens/wire';

/** Our event in an emission of Jupyter Server's event stream, or null where it is somebody else's. */
export function decode(emission: Event.Emission): RunEvent | JobEvent | null {
  switch (emission.schema_id) {
    case RUN_EVENTS:
      return { ...emission, kind: 'run' } as unknown as RunEvent;
    case JOB_EVENTS:
      return { ...emission, kind: 'job' } as unknown as JobEvent;
    default:
      return null;
  }
}
