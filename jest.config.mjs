const shipped = ['@jupyter/', '@jupyterlab/', '@lumino/', 'lib0', 'y-protocols', 'yjs'].join('|');

export default {
  testMatch: ['<rootDir>/labextension/tests/**/*.test.ts'],
  testEnvironment: 'node',
  transform: {
    '\\.[jt]sx?$': ['ts-jest', { tsconfig: 'tsconfig.test.json', diagnostics: { exclude: ['**/*.js'] } }]
  },
  transformIgnorePatterns: [`/node_modules/(?!(${shipped}))`],
  modulePathIgnorePatterns: ['<rootDir>/jupyter_notebook_sched/', '<rootDir>/\\.venv/']
};
