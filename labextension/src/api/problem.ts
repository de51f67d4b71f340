import type { FieldError } from '../tokens/wire';

/** The server refused: `status` is HTTP's (0 where no answer came at all), the rest its error body. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly reason: string,
    readonly errors: readonly FieldError[] = []
  ) {
    super(message);
    this.name = 'Problem';
  }

  /** The messages of one part of the request (`parameters`, `trigger`), by what follows it in the field's name. */
  under(part: string): Record<string, string> {
    const prefix = `${part}.`;
    return Object.fromEntries(
      this.errors
        .filter(error => error.field.startsWith(prefix))
        .map(error => [error.field.slice(prefix.length).split('.')[0], error.message])
    );
  }
}

/** The server extension itself does not answer: not installed, or not enabled. */
export function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.status === 404 && error.reason === 'no_server_part';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
