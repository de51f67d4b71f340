import type { Edit } from '../tokens/wire';

/** Puts edits in an order in which none moves the text that a later one points at: the last place first. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((left, right) => right.cell - left.cell || right.start - left.start);
}
