/** The shapes of API.md, *Parameters*. */
import type { JSONObject, JSONValue } from '@lumino/coreutils';

export type ParameterType =
  'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'date' | 'datetime' | 'any';

export interface Parameter {
  name: string;
  type: ParameterType;
  nullable: boolean;
  default: JSONValue;
  required: boolean;
  help?: string | null;
  /** Its value in the cell's text, in UTF-16 units. */
  range?: [number, number] | null;
  choices?: JSONValue[] | null;
  /** The source of a default that only the kernel can compute. */
  expression?: string | null;
  placeholder?: string | null;
  /** How it wants to be asked for: `slider`, `multiline`, `raw`. */
  control?: string | null;
}

export interface LineProblem {
  line: number | null;
  message: string;
  /** Where it is not a line of the parameters cell. */
  cell?: number;
}

/** JSON Schema 2020-12 of one value, as far as a form needs it. */
export interface Property {
  type?: string | string[];
  format?: string;
  title?: string;
  description?: string;
  enum?: JSONValue[];
  /** Choices that do not bind. */
  examples?: JSONValue[];
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  items?: Property;
  prefixItems?: Property[];
}

/** Its own title and description are those of the whole form. */
export interface FormSchema {
  title?: string;
  description?: string;
  properties: Record<string, Property>;
}

/** A named set of values, and why some of them do not fit. */
export interface Preset {
  name: string;
  values: JSONObject;
  misfits: Record<string, string>;
}

/** `cell_index` is null where no cell is tagged `parameters`. */
export interface Inspection {
  kernel: string | null;
  language: string | null;
  cell_index: number | null;
  last_modified?: string | null;
  parameters: Parameter[];
  schema: FormSchema;
  presets?: Preset[];
  problems: LineProblem[];
  edits?: Edit[];
}

/** An assignment that could become a parameter. */
export interface Candidate {
  cell: number;
  name: string;
  source: string;
}

/** What becomes of the parameters cell: assignments moved into it, parameters added and taken out. */
export interface Arrangement {
  take?: Pick<Candidate, 'cell' | 'name'>[];
  add?: { name: string; value: JSONValue; type?: ParameterType }[];
  remove?: string[];
}

/** What makes it so: edits first, then tags, then a new cell. */
export interface Rearranged {
  edits: Edit[];
  tag: { cell: number; tags: string[] } | null;
  insert: { index: number; source: string; tags: string[] } | null;
}

/** What a run would get; templates are rendered. */
export interface ParametersPreview {
  values: JSONObject;
}

/** Replaces `start` to `end` (UTF-16 units of that cell's source) by `text`. */
export interface Edit {
  cell: number;
  start: number;
  end: number;
  text: string;
}

export interface CellText {
  source: string;
  tags: string[];
  cell_type?: string;
}

export type Presets = Record<string, JSONObject>;
