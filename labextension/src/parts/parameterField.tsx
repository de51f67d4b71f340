import * as React from 'react';
import type { FieldProps } from '@rjsf/utils';
import type { JSONValue, ReadonlyJSONObject } from '@lumino/coreutils';
import type { Field } from '../model/fields';
import { examples, isTemplate } from '../model/templates';
import { showPlain } from '../model/typed';
import { Input } from './inputs';
import { LabelledInput } from './labelledInput';
import type { Choices } from './menu';
import { MenuButton } from './menuButton';
import type { ParameterFormProps } from './parameterForm';

/** What the fields of a form share; always as it is now. */
export interface Shared {
  form: { current: ParameterFormProps };
  /** What else a field has to be drawn anew for. */
  shown: unknown;
}

/** A parameter: its name, its input, and what is to say about it. */
export function ParameterField(props: FieldProps<ReadonlyJSONObject>): JSX.Element {
  const { name, formData, rawErrors } = props;
  const { form } = props.formContext as Shared;
  const { id, templates, disabled, trans } = form.current;
  const field = props.uiSchema?.['ui:options']?.shown as unknown as Field;
  const value = formData as JSONValue | undefined;
  const [asked, ask] = React.useState(false);
  const templated = !!templates && (asked || isTemplate(value));
  const edit = (to: JSONValue) => {
    props.onChange(to as ReadonlyJSONObject); // shown at once, so that the cursor stays where it is
    form.current.onEdit(name, to);
  };
  const toggle = () => {
    ask(!templated);
    if (isTemplate(value)) {
      form.current.onReset?.(name);
    }
  };
  const empty = (value ?? null) === null;
  return (
    <LabelledInput
      id={`${id}_${name}`}
      label={field.label}
      error={rawErrors?.join(' ')}
      help={field.help}
      beside={
        <>
          {field.required && <span aria-hidden="true">*</span>}
          <span className="jns-Field-actions">
            {field.nullable && !empty && !['choice', 'yesOrNo'].includes(field.kind) && (
              <Link label={trans.__('No value: %1', field.label)} onClick={() => edit(null)}>
                {trans.__('No value')}
              </Link>
            )}
            {templates && (
              <Link
                label={trans.__('Template: %1', field.label)}
                title={trans.__('Work the value out anew for each run')}
                pressed={templated}
                onClick={toggle}
              >
                {'{}'}
              </Link>
            )}
            <More name={name} label={field.label} form={form} />
          </span>
        </>
      }
      more={
        templated ? (
          <Templated {...{ name, value, form }} onEdit={edit} />
        ) : (
          field.note && empty && <span>{field.note}</span>
        )
      }
    >
      <Input
        label={field.label}
        kind={templated ? 'line' : field.kind}
        property={templated ? {} : field.property}
        nullable={field.nullable}
        required={field.required}
        placeholder={
          templated
            ? examples(trans)[0][0]
            : value === '' && (field.note || field.nullable || !field.placeholder)
              ? trans.__('empty text')
              : field.placeholder
        }
        value={value}
        disabled={disabled}
        onValue={edit}
        trans={trans}
      />
    </LabelledInput>
  );
}

function Link(props: {
  label: string;
  title?: string;
  pressed?: boolean;
  onClick: () => void;
  children: string;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jns-Link"
      aria-label={props.label}
      aria-pressed={props.pressed}
      title={props.title}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

type Part = Pick<Shared, 'form'>;

function More({ name, label, form }: Part & { name: string; label: string }): JSX.Element | null {
  const { onShow, onRemove, trans } = form.current;
  const choices: Choices = [];
  if (onShow) {
    choices.push([trans.__('Show in the notebook'), () => onShow(name)]);
  }
  if (onRemove) {
    choices.push([trans.__('Remove this parameter'), () => onRemove(name)]);
  }
  return choices.length ? <MenuButton label={trans.__('More: %1', label)} choices={choices} /> : null;
}

/** What a template would be next, and what can be put into it: behind what is there already. */
function Templated({
  name,
  value,
  onEdit,
  form
}: Part & {
  name: string;
  value: JSONValue | undefined;
  onEdit: (value: JSONValue) => void;
}): JSX.Element {
  const { templates = {}, trans } = form.current;
  const typed = isTemplate(value) ? value : '';
  const word = trans.__('Examples');
  const choices = examples(trans).map<Choices[0]>(([template, meaning]) => [
    `${meaning}: ${template}`,
    () => onEdit(typed + template)
  ]);
  return (
    <>
      {Object.hasOwn(templates, name) && (
        <output data-jns={`rendered-${name}`}>{trans.__('Next time: %1', showPlain(templates[name]))}</output>
      )}
      <MenuButton label={word} word={word} choices={choices} />
    </>
  );
}
