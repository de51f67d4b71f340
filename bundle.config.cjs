const { join } = require('node:path');
const { NormalModuleReplacementPlugin, SwcJsMinimizerRspackPlugin } = require('@rspack/core');

/** What our views use of React is taken from there, so that it gets short names. */
const REACT = join(__dirname, 'labextension', 'lib', 'parts', 'react.js');
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

module.exports = {
  module: {
    parser: { javascript: { exportsPresence: 'error' } },
    rules: [
      { test: /\.css$/, enforce: 'pre', loader: 'builtin:lightningcss-loader', options: { minify: true } },
      { test: /\.raw\.css$/, type: 'asset/resource', generator: { filename: '[name].[contenthash].css?v=[contenthash]' } }
    ]
  },
  plugins: [ownReact],
  optimization: { minimizer: [minimizer] }
};
