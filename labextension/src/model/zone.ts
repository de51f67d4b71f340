import type { IStateDB } from '@jupyterlab/statedb';
import { PACKAGE } from '../tokens/names';
import { browserZone } from './times';

const KEY = `${PACKAGE}:zone`;

/** The time zone last used in a schedule here, else the browser's. */
export async function lastZone(state: IStateDB | null): Promise<string> {
  const zone = await state?.fetch(KEY);
  return typeof zone === 'string' ? zone : browserZone();
}

export async function rememberZone(state: IStateDB | null, zone: string): Promise<void> {
  await state?.save(KEY, zone);
}

export function allZones(): string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  return zones.includes('UTC') ? zones : ['UTC', ...zones];
}
