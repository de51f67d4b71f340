import tseslint from 'typescript-eslint';

/** Each layer may import those to its right: plugin → panels | forms | documents → parts → model → api → tokens. */
const layers = ['tokens', 'api', 'model', 'parts', ['panels', 'forms', 'documents'], 'plugin'];

function above(depth) {
  const own = [layers[depth]].flat();
  const higher = layers.slice(depth + 1).flat();
  return own.map(layer => ({
    layer,
    forbidden: [...higher, ...own.filter(sibling => sibling !== layer)]
  }));
}

const layerRules = layers.flatMap((_, depth) =>
  above(depth)
    .filter(({ forbidden }) => forbidden.length)
    .map(({ layer, forbidden }) => ({
      files: [`labextension/src/${layer}/**`],
      ignores: ['**/*.tsx'],
      rules: {
        'no-restricted-imports': ['error', { patterns: forbidden.map(name => `**/${name}/*`) }]
      }
    }))
);

const componentRules = {
  files: ['labextension/src/**/*.tsx'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: ['**/api/*', '**/plugin/*', '@jupyterlab/services'],
        paths: [{ name: '@jupyterlab/services', message: 'Components take props and never call the API.' }]
      }
    ]
  }
};

export default tseslint.config(
  { ignores: ['labextension/lib', 'jupyter_notebook_sched', '.venv', 'node_modules', 'docs', 'build', 'dist'] },
  ...tseslint.configs.strict,
  {
    files: ['labextension/**/*.ts', 'labextension/**/*.tsx'],
    rules: {
      eqeqeq: 'error',
      curly: 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off'
    }
  },
  { files: ['labextension/tests/**'], rules: { 'max-lines-per-function': 'off' } },
  ...layerRules,
  componentRules
);
