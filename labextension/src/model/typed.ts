/** What a person types into an input, and the value that stands for it. */
import type { JSONValue } from '@lumino/coreutils';

/** A reading of typed text: a value, or what is wrong with the text. */
export type Reading = { value: JSONValue } | { wrong: 'json' };

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

export function readJson(text: string): Reading {
  if (text.trim() === '') {
    return { value: null };
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { wrong: 'json' };
  }
}

export function showJson(value: JSONValue | undefined): string {
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

export function showPlain(value: JSONValue | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}

/** The text of a number input; null where it is empty. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : Number(trimmed);
}

export function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}
