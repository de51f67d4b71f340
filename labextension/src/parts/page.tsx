import * as React from 'react';

export interface PageProps {
  /** What it shows: another one is loaded anew. */
  about: string;
  load: (theme: string) => Promise<string>;
  /** What is said where it cannot be had. */
  wordsOf: (error: unknown) => string;
  label: string;
  loading: string;
}

/** An HTML page of the server in a frame where nothing runs and nothing is reached. */
export function Page({ about, load, wordsOf, label, loading }: PageProps): JSX.Element {
  const theme = useTheme();
  const [shown, show] = React.useState<{ page?: string; problem?: string }>({});
  React.useEffect(() => {
    let wanted = true;
    const take = (loaded: typeof shown) => wanted && show(loaded);
    show({});
    load(theme).then(
      page => take({ page }),
      error => take({ problem: wordsOf(error) })
    );
    return () => void (wanted = false);
  }, [about, theme]);
  if (shown.page !== undefined) {
    return <iframe className="jns-Page" data-jns="page" title={label} sandbox="" srcDoc={shown.page} />;
  }
  return (
    <p className="jns-Empty" role={shown.problem ? 'alert' : 'status'}>
      {shown.problem ?? loading}
    </p>
  );
}

/** Follows JupyterLab's. */
function useTheme(): string {
  const now = () => (document.body.dataset.jpThemeLight === 'false' ? 'dark' : 'light');
  const [theme, set] = React.useState(now);
  React.useEffect(() => {
    const observer = new MutationObserver(() => set(now()));
    observer.observe(document.body, { attributes: true });
    return () => observer.disconnect();
  }, []);
  return theme;
}
