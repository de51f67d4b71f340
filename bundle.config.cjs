const { join } = require('node:path');
const { NormalModuleReplacementPlugin, SwcJsMinimizerRspackPlugin } = require('@rspack/core');

const LIB = join(__dirname, 'labextension', 'lib');

/** What our views use of React is taken from there, so that it gets short names. */
const REACT = join(LIB, 'parts', 'react.js');
const ownReact = new NormalModuleReplacementPlugin(/^react$/, resolving => {
  if (resolving.contextInfo.issuer !== REACT) {
    resolving.request = REACT;
  }
});

/** Functions that stand together weigh less when compressed. */
const minimizer = new SwcJsMinimizerRspackPlugin({
  extractComments: false,
  minimizerOptions: { ecma: 2022, compress: { passes: 3, hoist_funs: true }, mangle: true, format: { comments: false } }
});

/** What is not code is not in the bundle. */
const AS_FILE = { type: 'asset/resource', generator: { filename: '[name][ext]' } };

module.exports = {
  module: {
    parser: { javascript: { exportsPresence: 'error' } },
    rules: [
      { include: LIB, use: join(__dirname, 'labextension', 'private-names.cjs') },
      { test: /\.css$/, enforce: 'pre', loader: 'builtin:lightningcss-loader', options: { minify: true } },
      { test: /\.raw\.css$/, ...AS_FILE },
      { test: /[\\/]arguments\.json$/, ...AS_FILE }
    ]
  },
  output: { chunkLoadingGlobal: 'nbsched', hashDigestLength: 6 },
  plugins: [ownReact],
  optimization: { minimizer: [minimizer] }
};
