import * as React from 'react';

/** A labelled input of a form, with its help and what the server says about it. */
export function LabelledInput(props: {
  id: string;
  label: string;
  help?: string;
  error?: string;
  /** What stands beside the label. */
  beside?: React.ReactNode;
  /** What else is said below. */
  more?: React.ReactNode;
  children: JSX.Element;
}): JSX.Element {
  const { id, label, help, error, children } = props;
  const about = `${id}-about`;
  return (
    <div className={`jns-Field ${error ? 'jns-mod-invalid' : ''}`}>
      <div className="jns-Field-head">
        <label id={`${id}-label`} htmlFor={id}>
          {label}
        </label>
        {props.beside}
      </div>
      {React.cloneElement(children, { id, 'aria-describedby': about, 'aria-invalid': Boolean(error) })}
      <div id={about} className="jns-Field-about">
        {error ? (
          <span className="jns-Field-error" role="alert">
            {error}
          </span>
        ) : (
          help && <span>{help}</span>
        )}
        {props.more}
      </div>
    </div>
  );
}
