import * as React from 'react';

export interface PageProps {
  /** What it shows: another one is loaded anew. */
  about: string;
  /** In JupyterLab's theme, as it is now. */
  load: (theme: string) => Promise<string>;
  label: string;
  loading: string;
}

/** Without it the page's links to its own parts would lead to JupyterLab's address. */
const HOME = '<head><base href="about:srcdoc">';

/** An HTML page of the server in a frame where nothing runs and nothing is reached. */
export function Page({ about, load, label, loading }: PageProps): JSX.Element {
  const [shown, show] = React.useState<{ page?: string; problem?: string }>({});
  React.useEffect(() => {
    let wanted = true;
    const take = (loaded: typeof shown) => wanted && show(loaded);
    show({});
    load(document.body.dataset.jpThemeLight === 'false' ? 'dark' : 'light').then(
      page => take({ page: page.replace('<head>', HOME) }),
      (error: Error) => take({ problem: error.message })
    );
    return () => void (wanted = false);
  }, [about]);
  if (shown.page !== undefined) {
    return <iframe className="jns-Page" data-jns="page" title={label} sandbox="" srcDoc={shown.page} />;
  }
  return (
    <p className="jns-Empty" role={shown.problem ? 'alert' : 'status'}>
      {shown.problem ?? loading}
    </p>
  );
}
