import * as React from 'react';
import { InputDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { fitting, isShown } from '../model/presets';
import type { Parameter, Preset } from '../tokens/wire';
import { agreed } from './agreed';
import { Choices } from './menu';
import { MenuButton } from './menuButton';

export interface PresetBarProps {
  presets: readonly Preset[];
  parameters: readonly Parameter[];
  values: JSONObject;
  /** The name of the one chosen last; empty for none. */
  chosen: string;
  choose: (preset: string) => void;
  /** Takes the values of the one chosen. */
  onFill: (values: JSONObject) => void;
  /** Where presets can be changed: keeps the values of the form under a name. */
  onKeep?: (preset: string) => void;
  /** Without another name it goes. */
  onRename?: (preset: string, to: string | null) => void;
  trans: TranslationBundle;
}

/** The presets of a notebook, to choose one and to change them. */
export function PresetBar(props: PresetBarProps): JSX.Element | null {
  const { presets, parameters, values, choose, trans } = props;
  const chosen = presets.find(({ name }) => name === props.chosen);
  const changed = !!chosen && !isShown(chosen, parameters, values);
  return presets.length ? (
    <div className="jns-Presets">
      <select
        className="jp-mod-styled"
        aria-label={trans.__('Preset')}
        value={chosen?.name ?? ''}
        onChange={({ target: { value } }) => {
          choose(value);
          const preset = presets.find(({ name }) => name === value);
          props.onFill(preset ? fitting(preset, parameters) : {});
        }}
      >
        <option value="">{trans.__('Preset: none')}</option>
        {presets.map(({ name }) => (
          <option key={name} value={name}>
            {changed && name === chosen.name
              ? trans.__('Preset: %1 (changed)', name)
              : trans.__('Preset: %1', name)}
          </option>
        ))}
      </select>
      {props.onKeep && (
        <MenuButton label={trans.__('More: presets')} choices={choicesFor(props, chosen, changed)} />
      )}
      {chosen && Object.keys(chosen.misfits).length > 0 && (
        <ul className="jns-Problems" role="status" data-jns="misfits">
          {Object.entries(chosen.misfits).map(([name, message]) => (
            <li key={name}>{trans.__('%1: %2', name, message)}</li>
          ))}
        </ul>
      )}
    </div>
  ) : null;
}

function choicesFor(
  { choose, onKeep, onRename, presets, trans }: PresetBarProps,
  chosen: Preset | undefined,
  changed: boolean
): Choices {
  const save: Choices[0] = [trans.__('Save as preset…'), () => void askName(presets, '', trans, onKeep)];
  if (!chosen) {
    return [save];
  }
  const { name } = chosen;
  const rename = (to: string | null) => {
    choose(to ?? '');
    onRename?.(name, to);
  };
  const remove = trans.__('Delete “%1”', name);
  return [
    ...(changed ? [[trans.__('Update “%1”', name), () => onKeep?.(name)] as Choices[0]] : []),
    save,
    [trans.__('Rename “%1”…', name), () => void askName(presets, name, trans, rename)],
    [remove, () => void isSure(remove, trans).then(sure => sure && rename(null))]
  ];
}

/** Asks for a name, once more where another preset has it, which would go. */
export async function askName(
  presets: readonly Preset[],
  old: string,
  trans: TranslationBundle,
  act?: (name: string) => void
): Promise<void> {
  const { value } = await InputDialog.getText({
    title: old ? trans.__('Rename “%1”', old) : trans.__('Save as preset'),
    label: trans.__('Name'),
    text: old,
    okLabel: trans.__('Save')
  });
  const name = value?.trim();
  if (name && name !== old) {
    const taken = presets.some(preset => preset.name === name);
    if (!taken || (await isSure(trans.__('Replace “%1”', name), trans))) {
      act?.(name);
    }
  }
}

function isSure(title: string, trans: TranslationBundle): Promise<boolean> {
  return agreed(title, trans.__('The preset as it is now is lost.'), trans.__('OK'), trans);
}
