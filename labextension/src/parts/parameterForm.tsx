import * as React from 'react';
import { FormComponent } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, JSONValue, ReadonlyJSONObject } from '@lumino/coreutils';
import type {
  ErrorSchema,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  RJSFSchema,
  UiSchema,
  ValidatorType
} from '@rjsf/utils';
import { Field, fieldsOf } from '../model/fields';
import type { FormSchema, Parameter } from '../tokens/wire';
import { ParameterField, Shared } from './parameterField';

/** The server alone validates; it knows the notebook's language. */
const serverValidates: ValidatorType<ReadonlyJSONObject, RJSFSchema> = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  toErrorList: () => [],
  isValid: () => true,
  rawValidation: () => ({})
};

const templates = {
  FieldTemplate: (props: FieldTemplateProps<ReadonlyJSONObject>) => <>{props.children}</>,
  ObjectFieldTemplate: (props: ObjectFieldTemplateProps<ReadonlyJSONObject>) => (
    <div className="jns-Fields">{props.properties.map(property => property.content)}</div>
  )
};

export interface ParameterFormProps {
  /** Tells the ids of this form's inputs from those of another one on the page. */
  id: string;
  parameters: readonly Parameter[];
  schema: FormSchema | undefined;
  values: JSONObject;
  errors: Record<string, string>;
  disabled?: boolean;
  /** Where values may be templates: what those that there are would be next. */
  templates?: JSONObject;
  onEdit: (name: string, value: JSONValue) => void;
  /** Takes the person's own value away. */
  onReset?: (name: string) => void;
  /** Goes to where a parameter is assigned. */
  onShow?: (name: string) => void;
  onRemove?: (name: string) => void;
  trans: TranslationBundle;
}

/** A notebook's parameters as typed inputs, with the server's errors beside them. */
export function ParameterForm(props: ParameterFormProps): JSX.Element {
  const { id, parameters, schema, values, errors, trans } = props;
  const form = React.useRef(props);
  form.current = props;
  const fields = React.useMemo(() => fieldsOf(parameters, schema, trans), [parameters, schema]);
  const each = <T,>(of: (field: Field) => T) =>
    Object.fromEntries(fields.map(field => [field.name, of(field)]));
  const shared: Shared = { form, shown: [props.disabled, props.templates] };
  return (
    <FormComponent
      className="jns-Form"
      tagName="div"
      idPrefix={id}
      schema={{ type: 'object', properties: each(({ name }) => ({ title: name })) }}
      uiSchema={
        each(field => ({
          'ui:field': 'parameter',
          'ui:options': { shown: field }
        })) as UiSchema<ReadonlyJSONObject>
      }
      formData={values}
      formContext={shared}
      extraErrors={
        each(({ name }) => ({
          __errors: Object.hasOwn(errors, name) ? [errors[name]] : []
        })) as ErrorSchema<ReadonlyJSONObject>
      }
      showErrorList={false}
      noHtml5Validate
      validator={serverValidates}
      fields={{ parameter: ParameterField }}
      templates={templates}
      onChange={() => undefined}
    />
  );
}
