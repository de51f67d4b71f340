import * as React from 'react';

const ROW_HEIGHT = 44;

/** Part of a long list that is in the page only while it is near what is visible; else a space of its height. */
export function Chunk(props: {
  rows: number;
  root: HTMLElement | null;
  children: React.ReactNode;
}): JSX.Element {
  const place = React.useRef<HTMLUListElement>(null);
  const height = React.useRef(props.rows * ROW_HEIGHT);
  const [near, setNear] = React.useState(props.root === null);

  React.useEffect(() => {
    if (!place.current) {
      return;
    }
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting) {
          height.current = entry.boundingClientRect.height || height.current;
        }
        setNear(entry.isIntersecting);
      },
      { root: props.root, rootMargin: '800px 0px' }
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [props.root]);

  return (
    <ul className="jns-List" ref={place} style={near ? undefined : { height: height.current }}>
      {near ? props.children : null}
    </ul>
  );
}
