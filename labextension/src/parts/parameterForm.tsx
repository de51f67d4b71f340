import * as React from 'react';
import { FormComponent } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt, JSONObject, JSONValue, ReadonlyJSONObject } from '@lumino/coreutils';
import type {
  ErrorSchema,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  RJSFSchema,
  ValidatorType
} from '@rjsf/utils';
import { fieldsOf } from '../model/fields';
import type { Parameter } from '../tokens/wire';
import { inputs } from './inputs';

/** The server alone validates; it knows the notebook's language. */
const serverValidates: ValidatorType<ReadonlyJSONObject, RJSFSchema> = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  toErrorList: () => [],
  isValid: () => true,
  rawValidation: () => ({})
};

function Field(props: FieldTemplateProps<ReadonlyJSONObject>): JSX.Element {
  const { id, schema, children, rawErrors, uiSchema, formData } = props;
  const note = uiSchema?.['ui:options']?.note as string | undefined;
  const isRoot = schema.type === 'object';
  if (isRoot) {
    return <>{children}</>;
  }
  return (
    <div className={`jns-Field ${rawErrors?.length ? 'jns-mod-invalid' : ''}`}>
      <label htmlFor={id}>{schema.title}</label>
      {children}
      <div id={`${id}-about`} className="jns-Field-about">
        {rawErrors?.length ? (
          <span className="jns-Field-error" role="alert">
            {rawErrors.join(' ')}
          </span>
        ) : (
          <>
            {schema.description && <span>{schema.description}</span>}
            {note && (formData === undefined || formData === null) && (
              <span className="jns-Field-note">{note}</span>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Fieldset(props: ObjectFieldTemplateProps<ReadonlyJSONObject>): JSX.Element {
  return <div className="jns-Fields">{props.properties.map(property => property.content)}</div>;
}

const templates = { FieldTemplate: Field, ObjectFieldTemplate: Fieldset };

export interface ParameterFormProps {
  /** Tells the ids of this form's inputs from those of another one on the page. */
  id: string;
  parameters: readonly Parameter[];
  values: JSONObject;
  errors: Record<string, string>;
  disabled?: boolean;
  onEdit: (name: string, value: JSONValue) => void;
  trans: TranslationBundle;
}

/** A notebook's parameters as typed inputs, with the server's errors beside them. */
export function ParameterForm(props: ParameterFormProps): JSX.Element {
  const { id, parameters, values, errors, onEdit, trans } = props;
  const fields = React.useMemo(() => fieldsOf(parameters, trans), [parameters, trans]);
  const extraErrors = Object.fromEntries(
    Object.entries(errors).map(([name, message]) => [name, { __errors: [message] }])
  ) as ErrorSchema<ReadonlyJSONObject>;
  const onChange = (after: ReadonlyJSONObject | undefined) => {
    for (const { name } of parameters) {
      const value = (after?.[name] ?? null) as JSONValue;
      if (!JSONExt.deepEqual(value, values[name] ?? null)) {
        onEdit(name, value);
      }
    }
  };
  return (
    <FormComponent
      className="jns-Form"
      tagName="div"
      idPrefix={id}
      schema={fields.schema}
      uiSchema={fields.ui}
      formData={values}
      extraErrors={extraErrors}
      showErrorList={false}
      noHtml5Validate
      disabled={props.disabled}
      validator={serverValidates}
      widgets={inputs}
      templates={templates}
      onChange={event => onChange(event.formData)}
    />
  );
}
