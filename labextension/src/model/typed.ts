/** What a person types into an input, and the value that stands for it. */
import type { JSONValue } from '@lumino/coreutils';
import type { Property } from '../tokens/wire';
import { isTemplate } from './templates';

/**
 * A number where the text is one; other text is sent as it is, so that the server says what it expects
 * (it knows `NaN`, ranges and whole numbers). Whole numbers too large for JavaScript stay text for the same reason.
 */
export function readNumber(text: string): JSONValue {
  const trimmed = text.trim();
  if (trimmed === '') {
    return null;
  }
  const number = Number(trimmed);
  const exact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return exact ? number : trimmed;
}

/** JSON where the text is JSON; other text is sent as it is, for the same reason. */
export function readJson(text: string): JSONValue {
  if (text.trim() === '') {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Why text that begins like a list or a mapping is none; empty where nothing is wrong. */
export function wrongJson(text: string): string {
  try {
    if (/^\s*[[{]/.test(text) && !text.includes('{{')) {
      JSON.parse(text);
    }
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

export function showJson(value: JSONValue | undefined): string {
  return value === undefined || value === null ? '' : isTemplate(value) ? value : JSON.stringify(value);
}

export function showPlain(value: JSONValue | undefined): string {
  return value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

/** A step up or down from what is typed, within the bounds. */
export function stepped(text: string, steps: number, { multipleOf, minimum, maximum }: Property): number {
  const from = Number(text) || 0;
  const to = Number((from + steps * (multipleOf ?? 1)).toPrecision(12));
  return Math.min(maximum ?? Infinity, Math.max(minimum ?? -Infinity, to));
}

/** The text of a number input; null where it is empty. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : Number(trimmed);
}

export function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}
