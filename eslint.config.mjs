import tseslint from 'typescript-eslint';

/** Each layer may import those before it; those on one line do not import each other. */
const LAYERS = [['tokens'], ['api'], ['model'], ['parts'], ['panels', 'forms', 'documents'], ['plugin']];

/** Components take props and never call the server. */
const NOT_IN_COMPONENTS = ['**/api/*', '**/plugin/*', '@jupyterlab/services'];

function forbid(files, patterns) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

const layerRules = LAYERS.flatMap((siblings, depth) =>
  siblings.flatMap(layer => {
    const others = siblings.filter(sibling => sibling !== layer);
    const forbidden = [...others, ...LAYERS.slice(depth + 1).flat()].map(name => `**/${name}/*`);
    const folder = `labextension/src/${layer}/**`;
    return [
      ...(forbidden.length ? [forbid([`${folder}/*.ts`], forbidden)] : []),
      forbid([`${folder}/*.tsx`], [...new Set([...forbidden, ...NOT_IN_COMPONENTS])])
    ];
  })
);

export default tseslint.config(
  {
    ignores: ['labextension/lib', 'jupyter_notebook_sched', '.venv', 'node_modules', 'docs', 'build', 'dist']
  },
  ...tseslint.configs.strict,
  {
    files: ['labextension/**/*.ts', 'labextension/**/*.tsx'],
    rules: {
      eqeqeq: 'error',
      curly: 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }]
    }
  },
  { files: ['labextension/tests/**'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  ...layerRules
);
